/**
 * Hides secrets in command lines before they leave the host. It prefers hiding too much: what is shown is a name of a program and its
 * plain arguments, and nobody needs more of a password than that there is one.
 *
 * Hidden are values of options and variables that are named like secrets, credentials in URLs and headers, and long words that look
 * random. A secret that looks like an ordinary word, given to an option with an ordinary name, is not recognised: the setting
 * `arguments: none` is for hosts where that matters.
 */

/** What stands for what was hidden. */
export const hidden = "***";

/** Parts of names that mean a secret anywhere, as in `db_password2` and `clientSecret`. */
const secretPart =
  /passw|passphrase|pwd|secret|token|credential|cookie|bearer|(?:api|access|private|account|shared)[_-]?key/i;
/** Parts that do so as words of their own or at the end: `--ssl-key` and `-storepass`, not `--keyboard` and `--passive`. */
const secretWord = /(?:^|[_.-])(?:key|auth|authorization|psk)(?:$|[_.-])|pass(?:$|[_.-])/i;

function isSecretName(name: string): boolean {
  return secretPart.test(name) || secretWord.test(name);
}

// Each pattern begins at the border of a word and takes it whole, so that it is linear in the length of hostile text.

/** `--password`, `-storepass`, `/token`: the value is the next argument. */
const option = /^(?:--?|\/)([\w.-]+)$/;
/** `--token=x`, `PASSWORD=x`, `Cookie: x`: all after the sign is the value. */
const assignment = /^((?:--?|\/)?([\w.-]+)\s*[=:]\s*)./s;
/** The same within other text: `-Ddb.password=x`, `{"password":"x"}`, `https://host/?token=x&page=2`. */
const innerName = /(?<![\w.-])([\w.-]+)["']?\s*[=:]\s*/g;
const innerValue = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&;,"'}]+/y;
/** `scheme://user:password@host`, or a token alone before the `@`. */
const urlCredentials = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)([^\s/:@]*)(:[^\s/]*)?@/gi;
const authenticationScheme = /\b(bearer|basic|digest|negotiate)\s+\S+/gi;

/** Programs whose short options hold secrets: `separate` is followed by it, `attached` has it in the same argument. */
const shortOptions: readonly { program: RegExp; separate?: RegExp; attached?: RegExp }[] = [
  { program: /^(?:mysql|mariadb)/, attached: /^(-p).+$/s },
  { program: /^sshpass$/, separate: /^-p$/, attached: /^(-p).+$/s },
  { program: /^redis-cli$|^valkey-cli$/, separate: /^-a$/ },
  { program: /^(?:curl|wget|http|https)$/, separate: /^(?:-u|-U|--user|--proxy-user|-a|-H|--header)$/ },
  {
    program: /^(?:ldap|snmp|mosquitto_|ipmitool|rclone|7z|zip|unzip|docker|podman|smbclient|mongo)/,
    separate: /^-[wPpUAX]$/,
  },
];

/** The arguments with their secrets hidden. The first is the program. */
export function redactArguments(argv: readonly string[]): string[] {
  const program = (argv[0] ?? "").split(/[\s:]/, 1)[0]?.split("/").at(-1) ?? "";
  const short = shortOptions.find((entry) => entry.program.test(program));
  let hideNext = false;
  return argv.map((argument, index) => {
    const hideThis = hideNext;
    hideNext = isSecretName(option.exec(argument)?.[1] ?? "") || (short?.separate?.test(argument) ?? false);
    if (hideThis && !(hideNext && argument.startsWith("--"))) {
      hideNext = false;
      return hidden;
    }
    const attached = short?.attached?.exec(argument)?.[1];
    if (attached !== undefined) return attached + hidden;
    return redactText(argument, index);
  });
}

function redactText(argument: string, index: number): string {
  const [, upToValue, name] = assignment.exec(argument) ?? [];
  if (upToValue !== undefined && index > 0 && isSecretName(name ?? "")) return upToValue + hidden;
  const spaced = /\s/.test(argument) ? redactWords(argument) : argument;
  return hideInnerValues(spaced)
    .replace(
      urlCredentials,
      (_, scheme: string, user: string, password: string | undefined) =>
        password === undefined && !/^https?:/i.test(scheme) ? `${scheme}${user}@` : `${scheme}${hidden}@`,
    )
    .replace(authenticationScheme, (_, name: string) => `${name} ${hidden}`)
    .replace(/[A-Za-z0-9+_=-]{20,}/g, (word) => looksRandom(word) ? hidden : word);
}

function hideInnerValues(text: string): string {
  let result = "";
  let taken = 0;
  innerName.lastIndex = 0;
  for (let name = innerName.exec(text); name !== null; name = innerName.exec(text)) {
    if (!isSecretName(name[1] ?? "")) continue;
    innerValue.lastIndex = innerName.lastIndex;
    if (!innerValue.test(text)) continue;
    result += text.slice(taken, innerName.lastIndex) + hidden;
    taken = innerName.lastIndex = innerValue.lastIndex;
  }
  return result + text.slice(taken);
}

/** A command line within one argument (`sh -c "…"`, a title that a program gave itself). */
function redactWords(text: string): string {
  const parts = text.split(/(\s+)/);
  const words = redactArguments(parts.filter((_, index) => index % 2 === 0));
  return parts.map((part, index) => index % 2 === 0 ? words[index / 2] ?? "" : part).join("");
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True for keys and tokens, false for names made of words, numbers and UUIDs. */
function looksRandom(word: string): boolean {
  if (word.startsWith("eyJ")) return true; // `{"` in base64: a part of a JSON web token.
  if (uuid.test(word) || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  const isMixed = /[a-z]/.test(word) && /[A-Z]/.test(word);
  // Without both cases, names of packages and hosts have as many letters and digits: those have separators.
  if (!isMixed && /[_-]/.test(word)) return false;
  return entropyBits(word) >= (isMixed ? 3.8 : 3.2);
}

/** Shannon entropy in bits per character: 4 at most for hexadecimal digits, about 4.2 for 20 random letters and digits. */
function entropyBits(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits;
}
