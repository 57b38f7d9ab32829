/** Random identifiers and secrets. */

/** Cryptographically random bytes as unpadded base64url: 16 bytes for an identifier, 32 for a long-lived secret. */
export function randomBase64Url(byteCount: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
