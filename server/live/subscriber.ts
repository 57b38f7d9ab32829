/**
 * One browser's queue of events. It is bounded: a browser that does not read loses what waits and gets a fresh snapshot
 * when it reads again.
 */
import type { NumberedEvent } from "./ring.ts";

/** Bounds of what waits for one browser. */
export const subscriberLimits = { events: 512, characters: 1024 * 1024 } as const;

/** One browser's queue. */
export interface Subscriber {
  /** The host whose samples it asked for. */
  readonly agentId: string | undefined;
  offer(event: NumberedEvent): void;
  readonly events: ReadableStream<NumberedEvent>;
  close(): void;
}

/** What a subscriber is made of. */
export interface SubscriberOptions {
  readonly agentId: string | undefined;
  /** What it missed since it was last here; `undefined` starts it with a snapshot. */
  readonly missed: readonly NumberedEvent[] | undefined;
  /** The state of all hosts now. */
  readonly snapshot: () => NumberedEvent;
  /** Called once when either side closes. */
  readonly onClose: () => void;
}

/** Makes a browser's queue. */
export function createSubscriber(options: SubscriberOptions): Subscriber {
  let waiting: NumberedEvent[] = [];
  let characters = 0;
  let needsSnapshot = options.missed === undefined;
  let closed = false;
  let cancelled = false;
  let wake = () => {};

  const take = () => {
    if (needsSnapshot) {
      needsSnapshot = false;
      return options.snapshot();
    }
    const event = waiting.shift();
    characters -= event?.json.length ?? 0;
    return event;
  };
  const end = () => {
    if (closed) return;
    closed = true;
    waiting = [];
    wake();
    options.onClose();
  };
  // A high-water mark of 0: nothing is taken from the queue before the browser's connection has room for it.
  const events = new ReadableStream<NumberedEvent>({
    async pull(controller) {
      while (!closed) {
        const event = take();
        if (event !== undefined) return controller.enqueue(event);
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (!cancelled) controller.close();
    },
    cancel() {
      cancelled = true;
      end();
    },
  }, { highWaterMark: 0 });

  const subscriber: Subscriber = {
    agentId: options.agentId,
    offer(event) {
      if (closed || needsSnapshot) return; // the snapshot that is due will hold it
      waiting.push(event);
      characters += event.json.length;
      if (waiting.length > subscriberLimits.events || characters > subscriberLimits.characters) {
        waiting = [];
        characters = 0;
        needsSnapshot = true;
      }
      wake();
    },
    events,
    close: end,
  };
  for (const event of options.missed ?? []) subscriber.offer(event);
  return subscriber;
}
