/**
 * tslab's TypeScript, with the options that its converter fixes made ours.
 *
 * converter.js hard-wires its compiler options, and the exports of its TypeScript cannot be changed. But it gets
 * them through `require`, so an object that delegates to the real module is put into the require cache before the
 * converter is loaded. tslab is pinned exactly, and `test/kernel/tslab-contract.test.ts` checks every part used here.
 */
import { createRequire } from "node:module";
import type TS from "typescript";
import { loadCached } from "./load.js";
import type { QuickInfo } from "./quick-info.js";
import { cellFile, emitCellOnly, keepGlobals, type WatchHost, watchHost } from "./watch-host.js";

/** The parts of TypeScript used by the compiler, plus what only tslab's fork has. */
export type TypeScript = typeof TS;

/** tslab's converter, as far as it is used. */
export interface TslabConverter {
  convert(
    previous: string,
    source: string,
  ): {
    readonly diagnostics: readonly TslabDiagnostic[];
    readonly output?: string;
    readonly declOutput?: string;
    readonly lastExpressionVar?: string;
  };
  complete(
    previous: string,
    source: string,
    offset: number,
  ): {
    readonly start: number;
    readonly end: number;
    readonly candidates: readonly string[];
    readonly original?: { readonly entries: readonly { readonly name: string; readonly kind: string }[] };
  };
  inspect(previous: string, source: string, offset: number): QuickInfo | undefined;
  addModule(name: string, source: string): readonly TslabDiagnostic[];
  close(): void;
}

/** A diagnostic as tslab reports it. */
export interface TslabDiagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly code: number;
  readonly fileName?: string;
}

/** What is loaded from tslab. */
export interface Tslab {
  /** The real TypeScript, unchanged. */
  readonly ts: TypeScript;
  /** Keeps TypeScript's compiled code for the next start. */
  keepCode(): void;
  /** Returns the program of the converter that was created last, as of the last cell. */
  program(): TS.BuilderProgram;
  /** Returns its compiler options; a change counts from the next program on. */
  options(): TS.CompilerOptions;
  createConverter(options: { readonly isJS: false; readonly isBrowser: false }): TslabConverter;
  isCompleteCode(source: string): { readonly completed: boolean; readonly indent?: string };
  getCodeMetadata(source: string): { readonly module?: string };
}

/** The declarations of earlier cells, as tslab names the file. */
const previousFile = "__prev__.d.ts";

/**
 * Loads tslab's converter over our compiler options. To be called once in a thread.
 * @param cwd the notebook's folder; becomes the compiler's current directory
 * @param except names of packages that the user's folder brings itself
 */
export function loadTslab(cwd: string, except: ReadonlySet<string>): Tslab {
  const require = createRequire(createRequire(import.meta.url).resolve("tslab/dist/converter.js"));
  const file = require.resolve("@tslab/typescript-for-tslab");
  const { exports, keep } = loadCached(require, file);
  const real = exports as TypeScript;
  const state: { builder?: TS.BuilderProgram; options?: TS.CompilerOptions; tellAgain?: () => void } = {};
  const program = (): TS.BuilderProgram => state.builder ?? fail();
  const hooks = {
    options: (options: TS.CompilerOptions): void => {
      state.options = options;
    },
    rebuilt: () => state.tellAgain?.(),
  };
  const overrides = {
    __esModule: true,
    sys: Object.assign(Object.create(real.sys), { getCurrentDirectory: () => cwd.replaceAll("\\", "/") }),
    createWatchCompilerHost: watchHost(real, cwd, except, hooks),
    createWatchProgram: (host: WatchHost) => {
      state.tellAgain = emitCellOnly(host, cellFile(cwd), (builder) => {
        state.builder = builder;
      });
      const watch = real.createWatchProgram(host);
      keepGlobals(watch, cwd);
      return watch;
    },
    visitEachChild: keepPropertyNames(real, () => program().getProgram().getTypeChecker()),
    // The ES module is what we want: `lower.ts` makes a function body of it.
    transpileModule: (js: string) => ({ outputText: js }),
  };
  const cached = require.cache[file] as NodeJS.Module;
  cached.exports = delegate(real, overrides);
  try {
    const converter = require("./converter.js");
    const { getCodeMetadata } = require("./metadata.js");
    return { ts: real, keepCode: keep, program, options: () => state.options ?? fail(), ...converter, getCodeMetadata };
  } finally {
    cached.exports = real;
  }
}

function fail(): never {
  throw new Error("loadTslab: no converter has been created");
}

function delegate(real: object, overrides: Record<string, unknown>): object {
  const properties = Object.entries(overrides).map(([name, value]) => [name, { value, writable: true }]);
  return Object.create(real, Object.fromEntries(properties));
}

/**
 * tslab writes a variable of an earlier cell as `exports.x`, by visiting every identifier. Three places need care,
 * because there an identifier is also the name of a property: `{ x }`, `{ x: y } = …`, and the `y` of `import z = x.y`.
 */
function keepPropertyNames(real: TypeScript, checker: () => TS.TypeChecker): TypeScript["visitEachChild"] {
  const isPrevious = (node: TS.ShorthandPropertyAssignment): boolean =>
    checker()
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) => declaration.getSourceFile().fileName.endsWith(`/${previousFile}`)) ?? false;
  const visit = (node: TS.Node, visitor: TS.Visitor, context: TS.TransformationContext): TS.Node => {
    const { factory } = real;
    if (real.isShorthandPropertyAssignment(node)) {
      const initial = node.objectAssignmentInitializer && visitor(node.objectAssignmentInitializer);
      if (!isPrevious(node)) {
        return factory.updateShorthandPropertyAssignment(node, node.name, initial as TS.Expression | undefined);
      }
      const name = factory.createIdentifier(node.name.text);
      const shared = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name);
      const value = initial ? factory.createAssignment(shared, initial as TS.Expression) : shared;
      return factory.createPropertyAssignment(name, value);
    }
    if (real.isPropertyAccessExpression(node)) {
      const { expression, name } = node;
      return factory.updatePropertyAccessExpression(node, visitor(expression) as TS.LeftHandSideExpression, name);
    }
    if (real.isBindingElement(node) && node.propertyName && real.isIdentifier(node.propertyName)) {
      const name = visitor(node.name) as TS.BindingName;
      const initial = node.initializer && (visitor(node.initializer) as TS.Expression);
      return factory.updateBindingElement(node, node.dotDotDotToken, node.propertyName, name, initial);
    }
    return real.visitEachChild(node, visitor, context);
  };
  return visit as TypeScript["visitEachChild"];
}
