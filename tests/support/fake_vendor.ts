/** Vendor commands that answer from a table. */
import type { RunVendor } from "../../collectors/vendor_runner.ts";
import type { VendorOutcome } from "../../collectors/vendor_command.ts";

/** What a command prints; a number is its exit code with nothing printed. */
export type FakeAnswer = VendorOutcome | string | number;

/** A {@linkcode RunVendor} whose programs answer by the first key that the joined arguments begin or end with; any other is absent. */
export function fakeVendor(
  answers: Readonly<Record<string, FakeAnswer>>,
): RunVendor & { readonly asked: string[] } {
  const asked: string[] = [];
  const run: RunVendor = (argv) => {
    const line = argv.join(" ");
    asked.push(line);
    const key = Object.keys(answers).find((text) => line.startsWith(text) || line.endsWith(text));
    const answer = key === undefined ? undefined : answers[key];
    if (answer === undefined) return Promise.resolve({ status: "absent" });
    if (typeof answer === "string") return Promise.resolve(ended(0, answer));
    return Promise.resolve(typeof answer === "number" ? ended(answer, "") : answer);
  };
  return Object.assign(run, { asked });
}

/** A run that ended. */
export function ended(code: number, stdout: string, stderr = ""): VendorOutcome {
  return { status: "ended", code, stdout, stderr };
}
