/** Light or dark: as the system has it, or as somebody chose. */
import { effect, signal } from "@preact/signals";
import { storedSignal } from "./stored_signal.ts";

/** The choices. */
export type ThemeChoice = "system" | "light" | "dark";

/** What was chosen. */
export const themeChoice = storedSignal<ThemeChoice>("spectra.theme", ["system", "light", "dark"], "system");

/** Counts the changes of what is shown: whoever paints with colours read from the style sheet paints again. */
export const themeVersion = signal(0);

/** Puts the choice on the document, where the style sheet reads it, and follows the system. */
export function followTheme(): void {
  effect(() => {
    const choice = themeChoice.value;
    if (choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = choice;
    themeVersion.value = themeVersion.peek() + 1;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => themeVersion.value++);
}
