/** Reading text from a peer that may send without end. */

/** Text of a stream as far as it was read. */
export interface BoundedText {
  readonly text: string;
  /** True when there was more. */
  readonly truncated: boolean;
}

/** Reads at most `maxBytes` as UTF-8 and gives up the rest. Rejects when the stream fails. */
export async function readTextUpTo(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<BoundedText> {
  if (stream === null) return { text: "", truncated: false };
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    const room = maxBytes - length;
    if (chunk.length > room) return { text: text + decoder.decode(chunk.subarray(0, room)), truncated: true };
    length += chunk.length;
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), truncated: false };
}
