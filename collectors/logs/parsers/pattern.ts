/**
 * The `regex` parser, and what is asked of patterns that a configuration gives.
 *
 * JavaScript's matcher goes back and forth; a pattern such as `(a+)+$` takes longer than anyone lives on a line of 40 characters, and
 * nothing can stop it. So a repetition of something that is itself repeated without bound is refused, a pattern sees only the
 * first 2,048 characters of a line, and a reading ends when its time is over. That leaves patterns of polynomial cost.
 */
import { levelOfStatus, levelOfWord } from "../../log_level.ts";
import { integerOf, type LineParser, recordOf } from "./record.ts";

/** Characters of a line that a pattern sees. */
const seenCharacters = 2_048;

/** Why `pattern` can't be used, in words; `undefined` when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return repeatsRepetition(pattern)
    ? "a group that holds a repetition is repeated itself, which can take forever: write it without"
    : undefined;
}

/** True when an unbounded quantifier stands after a group in which there is another. */
function repeatsRepetition(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, "x").replace(/\[\^?\]?[^\]]*\]/g, "x");
  const holdsRepetition = [false];
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at];
    if (character === "(") holdsRepetition.push(false);
    const isRepetition = /^([*+]|\{\d*,\})/.test(plain.slice(at, at + 12));
    if (character === ")" && holdsRepetition.length > 1) {
      const held = holdsRepetition.pop() === true;
      if (held && /^([*+]|\{\d*,\d*\})/.test(plain.slice(at + 1, at + 13))) return true;
      if (held) holdsRepetition[holdsRepetition.length - 1] = true;
    } else if (isRepetition) holdsRepetition[holdsRepetition.length - 1] = true;
  }
  return false;
}

/** True when `pattern` finds something in what it may see of the line. */
export function finds(pattern: RegExp, line: string): boolean {
  return pattern.test(line.length > seenCharacters ? line.slice(0, seenCharacters) : line);
}

/** A parser of the named groups `time`, `level`, `message`, `process`, `pid`, `unit`, `status`; each may be absent. */
export function patternParser(pattern: RegExp): LineParser {
  return (line) => {
    const groups = pattern.exec(line.slice(0, seenCharacters))?.groups;
    if (groups === undefined) return undefined;
    const { time, level, message, process, pid, unit, status: digits } = groups;
    const status = integerOf(digits);
    return recordOf({
      message: message ?? line,
      timestampMs: time === undefined ? undefined : Date.parse(time),
      level: level === undefined
        ? (status === undefined ? undefined : levelOfStatus(status))
        : levelOfWord(level),
      process,
      pid: integerOf(pid),
      unit,
      status,
    });
  };
}
