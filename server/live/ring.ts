/**
 * Recent events, numbered, so that a browser that comes back gets exactly what it missed.
 *
 * An id is `<boot>-<number>`: numbers grow by the event, `boot` is drawn at start, so that an id of an earlier run is never
 * taken for one of this run. Whoever has seen number N can be resumed as long as everything after N is held.
 */
import { randomBase64Url } from "../../lib/random.ts";
import type { LiveEvent } from "../../protocol/api.ts";

/** An event as it is kept and sent. */
export type NumberedEvent = LiveEvent & {
  readonly id: string;
  readonly number: number;
  /** `data` as JSON, written once for all clients. */
  readonly json: string;
};

/** Bounds of a ring. */
export interface RingLimits {
  readonly events: number;
  /** Characters of JSON of all events held. */
  readonly characters: number;
}

/** Recent events. */
export interface Ring {
  /** Number of the newest event. */
  readonly newest: number;
  /** Numbers an event and keeps it, dropping the oldest where there are too many. */
  push(event: LiveEvent): NumberedEvent;
  /** Gives a snapshot the number of the newest event: who has it has seen all until now. It is not kept. */
  stamp(event: LiveEvent): NumberedEvent;
  /** What came after the event `number`; `undefined` when not all of it is held or the number was never given. */
  since(number: number): readonly NumberedEvent[] | undefined;
  /** The number in an id of this run; `undefined` for any other text. */
  numberOf(id: string): number | undefined;
  /** Uses up a number: something before it was not recorded for somebody. Returns it. */
  skip(): number;
  /** Forgets all events: nobody who was here before can be resumed. */
  clear(): void;
}

/** Makes an empty ring. */
export function createRing(limits: RingLimits): Ring {
  const boot = randomBase64Url(6);
  const idPattern = new RegExp(`^${boot}-([0-9]{1,15})$`);
  let events: NumberedEvent[] = [];
  let characters = 0;
  let newest = 0;
  /** Highest number that is not held any more. */
  let dropped = 0;
  const numbered = (event: LiveEvent, number: number): NumberedEvent => ({
    ...event,
    id: `${boot}-${number}`,
    number,
    json: JSON.stringify(event.data),
  });
  return {
    get newest() {
      return newest;
    },
    push(event) {
      const kept = numbered(event, ++newest);
      events.push(kept);
      characters += kept.json.length;
      while (events.length > limits.events || characters > limits.characters) {
        const oldest = events.shift();
        if (oldest === undefined) break;
        characters -= oldest.json.length;
        dropped = oldest.number;
      }
      return kept;
    },
    stamp: (event) => numbered(event, newest),
    since(number) {
      if (number < dropped || number > newest) return undefined;
      return events.filter((event) => event.number > number);
    },
    numberOf(id) {
      const number = idPattern.exec(id)?.[1];
      return number === undefined ? undefined : Number(number);
    },
    skip: () => ++newest,
    clear() {
      events = [];
      characters = 0;
      dropped = ++newest;
    },
  };
}
