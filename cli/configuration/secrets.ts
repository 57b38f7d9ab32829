/** Which values are never shown. */

const secretName = /secret|password|passwd|passphrase|token|credential|private_?key|api_?key|authorization/i;

/** What is shown instead. */
export const redacted = "(secret)";

/** True for the name of a key that holds a secret; one that names the file of a secret does not. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/_(file|path)$/i.test(name);
}

/** The value with what stands below secret names taken out. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map((
      [name, inner],
    ) => [name, isSecretName(name) ? redacted : withoutSecrets(inner)]),
  );
}
