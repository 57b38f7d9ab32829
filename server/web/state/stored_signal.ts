/** A choice that this browser remembers. */
import { effect, type Signal, signal } from "@preact/signals";

/** A signal kept in the browser's storage below `name`; `initial` until somebody chose one of `choices`. */
export function storedSignal<T extends string>(name: string, choices: readonly T[], initial: T): Signal<T> {
  const stored = read(name);
  const choice = signal<T>(choices.find((candidate) => candidate === stored) ?? initial);
  effect(() => write(name, choice.value));
  return choice;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // Storage is forbidden in this browser: the choice lasts as long as the page.
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As above.
  }
}
