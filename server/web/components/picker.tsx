/** Choosing one of several things that charts are about. */

/** What can be chosen. */
export interface PickerProps {
  readonly word: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, word: string])[];
  readonly choose: (value: string) => void;
}

/** A labelled selection; nothing where there is no choice. */
export function Picker({ word, value, choices, choose }: PickerProps) {
  if (choices.length < 2) return <span class="muted clip">{choices[0]?.[1]}</span>;
  return (
    <label class="picker">
      {word}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {choices.map(([choice, name]) => <option key={choice} value={choice}>{name}</option>)}
      </select>
    </label>
  );
}
