"""The common suite of Jupyter kernels, with samples in TypeScript. Run by conformance.test.ts."""

import unittest

import jupyter_kernel_test


class LowbitTests(jupyter_kernel_test.KernelTests):
    kernel_name = "lowbit"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "const s = 'x'; s.toUpperC", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["1", "const x = 1", "function f() { return 1 }", "`a\nb`", "for (const x of []) {\n}\n"]
    incomplete_code_samples = ["function f() {", "const x = `a", "/* open", "[1, 2,", "f(", "if (true) {\n  1"]
    invalid_code_samples = ["const = 3", "let x = )", "function () {} {", "1 +* 2"]
    code_generate_error = "throw new Error('expected')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "[1, 2].map((x) => 2 * x)", "result": "[ 2, 4 ]"},
    ]
    code_display_data = [
        {
            "code": "import { display, html } from 'lowbit'; display(html`<b>x</b>`)",
            "mime": "text/html",
        },
        {"code": "display('<svg></svg>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6 *? 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.floor"
    code_clear_output = "import { clearOutput } from 'lowbit'; clearOutput()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
