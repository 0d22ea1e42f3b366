import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../kernel/io/wire.js";
import { startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel.close());

/** Runs a cell and answers each question; returns the questions too. */
async function answering(code: string, answers: readonly string[]) {
  const questions: Message[] = [];
  const off = kernel.client.on("stdin", (question) => {
    kernel.client.answer(question, answers[questions.length] ?? "");
    questions.push(question);
  });
  const ran = await kernel.run(code, { allow_stdin: true });
  off();
  return { ...ran, questions };
}

test("prompt() asks and returns the answer, in the middle of an expression", async () => {
  const { text, questions, id } = await answering("`Hello, ${prompt('Name?')}!`", ["Zoë 😀"]);
  expect(text).toBe("'Hello, Zoë 😀!'");
  expect(questions[0]?.header.msg_type).toBe("input_request");
  expect(questions[0]?.content).toEqual({ prompt: "Name?", password: false });
  expect(questions[0]?.parentHeader.msg_id).toBe(id);
});

test("an empty answer takes the default; several questions in one cell", async () => {
  const { text } = await answering("[prompt('a', 'dflt'), prompt('b'), prompt('c', 'x')]", ["", "second", "third"]);
  expect(text).toBe("[ 'dflt', 'second', 'third' ]");
});

test("confirm() and alert()", async () => {
  const { text, questions } = await answering("[confirm('Go?'), confirm('Sure?'), alert('Done')]", ["y", "no", ""]);
  expect(text).toBe("[ true, false, undefined ]");
  expect(questions.map(({ content }) => content.prompt)).toEqual(["Go? [y/n] ", "Sure? [y/n] ", "Done (press Enter) "]);
});

test("without allow_stdin it is an error that says so", async () => {
  const { reply } = await kernel.run("prompt('?')", { allow_stdin: false });
  expect(reply).toMatchObject({ status: "error", evalue: expect.stringContaining("allow_stdin is false") });
});
