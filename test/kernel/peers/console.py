"""Drives jupyter-console in a terminal of its own, as a person does, and prints what it showed as JSON."""

import json
import re
import sys

import pexpect

# A terminal asks where the cursor is; prompt_toolkit waits for the answer unless it is told not to.
child = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", "--kernel", "lowbit", "--simple-prompt", "--no-confirm-exit"],
    encoding="utf8",
    timeout=60,
    dimensions=(40, 120),
)
shown = {}
escapes = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def until_prompt(number):
    """Returns the text up to the next input prompt."""
    child.expect(re.escape(f"In [{number}]:"))
    return escapes.sub("", child.before).replace("\r", "")


shown["banner"] = until_prompt(1)
child.sendline("const kept: number = 2 * 3")
shown["declaration"] = until_prompt(2)
child.sendline("kept * 7")
shown["result"] = until_prompt(3)
child.sendline("const wrong: number = 'x'")
shown["error"] = until_prompt(4)
child.sendline("console.log('loop begins'); while (true) {}")
child.expect("loop begins\r?\n")
child.sendintr()
shown["stopped"] = until_prompt(5)
child.sendline("kept + 1")
shown["afterwards"] = until_prompt(6)
child.sendline("prompt('Name?')")
child.expect(re.escape("Name?"))
child.sendline("Ada")
shown["asked"] = until_prompt(7)
child.sendeof()
child.expect(pexpect.EOF)
child.close()
shown["exit"] = child.exitstatus
print(json.dumps(shown))
