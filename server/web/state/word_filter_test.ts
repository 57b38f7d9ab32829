import assert from "node:assert/strict";
import { wordFilter } from "./word_filter.ts";

Deno.test("wordFilter takes texts that contain every word, in any order and case", () => {
  const matches = wordFilter(" SSH  daemon ");
  assert.equal(matches("ssh.service OpenBSD Secure Shell Daemon"), true);
  assert.equal(matches("ssh.socket"), false);
  assert.equal(wordFilter("  ")("anything"), true);
  assert.equal(wordFilter("<b>(")("a <B>( b"), true);
});
