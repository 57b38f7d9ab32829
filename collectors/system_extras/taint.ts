/** Why the kernel is tainted (kernel: `Documentation/admin-guide/tainted-kernels.rst`). */

/** Letter and reason by bit. */
const taints: readonly (readonly [letter: string, reason: string])[] = [
  ["P", "a proprietary module was loaded"],
  ["F", "a module was loaded by force"],
  ["S", "the system is out of specification"],
  ["R", "a module was unloaded by force"],
  ["M", "a processor reported a machine check exception"],
  ["B", "a bad memory page was met"],
  ["U", "a program asked for the mark"],
  ["D", "the kernel died recently (an oops or a bug)"],
  ["A", "an ACPI table was overridden"],
  ["W", "the kernel issued a warning"],
  ["C", "a staging driver was loaded"],
  ["I", "a bug of the firmware is worked around"],
  ["O", "an externally built module was loaded"],
  ["E", "an unsigned module was loaded"],
  ["L", "a soft lockup occurred"],
  ["K", "the kernel was patched live"],
  ["X", "the distribution set its own mark"],
  ["T", "the kernel was built with randomised structures"],
  ["N", "a test inside the kernel was run"],
  ["J", "a debugging operation that changes a device was used (fwctl)"],
];

/** The reasons in `/proc/sys/kernel/tainted`, `<letter>: <reason>`; bits of newer kernels by their number. */
export function taintsOf(value: number): string[] {
  const reasons: string[] = [];
  for (let bit = 0; bit < 53 && value >= 2 ** bit; bit++) {
    if (Math.floor(value / 2 ** bit) % 2 === 0) continue;
    const [letter, reason] = taints[bit] ?? ["?", `bit ${bit}`];
    reasons.push(`${letter}: ${reason}`);
  }
  return reasons;
}
