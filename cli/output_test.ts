import assert from "node:assert/strict";
import { createOutput, type Stream } from "./output.ts";

function recorder(terminal: boolean): Stream & { text(): string } {
  let written = "";
  return {
    terminal,
    write: (bytes) => written += new TextDecoder().decode(bytes),
    text: () => written,
  };
}

function outputs(options: { terminal: boolean; colours: boolean }) {
  const result = recorder(options.terminal);
  const complaints = recorder(options.terminal);
  return { result, complaints, output: createOutput(result, complaints, options.colours) };
}

const hostile = "evil\x1b[2J\x07\x9b31m\u202etxt.exe\nfake: line\r\u2028end";

Deno.test("line makes hostile text harmless, with and without a style", () => {
  const { result, output } = outputs({ terminal: true, colours: true });
  output.line(hostile, { text: hostile, style: "bold" });
  // deno-lint-ignore no-control-regex
  const rest = result.text().replaceAll(/\x1b\[(1|0)m/g, "").slice(0, -1);
  assert.doesNotMatch(rest, /[\p{Cc}\p{Cf}\p{Zl}]/u);
  assert.match(rest, /evil\\x1b\[2J/);
});

Deno.test("table makes hostile cells harmless and keeps one row per line", () => {
  const { result, output } = outputs({ terminal: false, colours: false });
  output.table([{ title: "A" }, { title: "B", align: "right" }], [[hostile, "1"], ["b", "23"]]);
  const lines = result.text().trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.equal(new Set(lines.map((line) => line.length)).size, 1);
});

Deno.test("table has no head when no column has a title", () => {
  const { result, output } = outputs({ terminal: false, colours: false });
  output.table([{ title: "" }, { title: "" }], [["a", "b"]]);
  assert.equal(result.text(), "a  b\n");
});

Deno.test("complain writes one harmless line to the other stream", () => {
  const { result, complaints, output } = outputs({ terminal: false, colours: false });
  output.complain(hostile);
  assert.equal(result.text(), "");
  assert.equal(complaints.text().split("\n").length, 2);
});

Deno.test("json escapes what a terminal obeys and stays the same value", () => {
  const { result, output } = outputs({ terminal: true, colours: true });
  output.json({ [hostile]: hostile });
  assert.doesNotMatch(result.text().trimEnd(), /[\p{Cc}\p{Cf}\p{Zl}]/u);
  assert.deepEqual(JSON.parse(result.text()), { [hostile]: hostile });
});

for (
  const [terminal, colours, expected] of [[true, true, true], [true, false, false], [
    false,
    true,
    false,
  ]] as const
) {
  Deno.test(`line ${expected ? "colours" : "does not colour"} when terminal=${terminal}, colours=${colours}`, () => {
    const { result, output } = outputs({ terminal, colours });
    output.line({ text: "x", style: "red" });
    assert.equal(result.text().includes("\x1b"), expected);
  });
}

Deno.test("clear does nothing where there is no terminal", () => {
  const { result, output } = outputs({ terminal: false, colours: true });
  output.clear();
  assert.equal(result.text(), "");
});
