/** Listening sockets: `port_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

const connections = (help: string, prometheus: string) =>
  z.optional(gauge({ unit: "{connection}", help, prometheus }));
const bytes = (help: string, prometheus: string) => z.optional(gauge({ unit: "By", help, prometheus }));

/** One address and port at which the host listens, or should. */
export const port = z.object({
  /** `tcp` or `udp`. */
  protocol: text(16),
  /** `0.0.0.0` or `::` for all addresses. */
  address: text(64),
  port: state({ unit: "1", help: "Port.", prometheus: "spectra_port" }),
  /** False for one that is expected and absent. */
  listening: z.boolean(),
  /** Name and number of the process that listens; absent where it may not be seen. */
  process: z.optional(text()),
  pid: z.optional(state({ unit: "1", help: "Process that listens.", prometheus: "spectra_port_pid" })),
  /** Unit of the service manager that the process belongs to. */
  unit: z.optional(text()),
  uid: z.optional(state({ unit: "1", help: "User that opened it.", prometheus: "spectra_port_uid" })),
  sockets: z.optional(gauge({
    unit: "{socket}",
    help: "Sockets that share the address and port.",
    prometheus: "spectra_port_sockets",
  })),
  accept_queue: connections("Connections that wait to be accepted.", "spectra_port_accept_queue"),
  accept_queue_limit: connections("How many connections may wait.", "spectra_port_accept_queue_limit"),
  receive_queue_bytes: bytes("Bytes of datagrams that wait to be read.", "spectra_port_receive_queue_bytes"),
  send_queue_bytes: bytes("Bytes of datagrams that wait to be sent.", "spectra_port_send_queue_bytes"),
  /** Whether a rule expects it here; absent without rules. */
  expected: z.optional(z.boolean()),
  /** Which rule it breaks, in words. */
  violation: z.optional(text()),
});

/** Data of a `port_list` envelope. */
export const portList = z.object({
  ports: z.array(port).check(z.maxLength(limits.listLength)),
  violations: z.optional(gauge({
    unit: "{violation}",
    help: "Ports that listen and must not, or must and do not; absent without rules.",
    prometheus: "spectra_port_violations",
  })),
  /** What could not be seen, and what to grant. */
  note: z.optional(text()),
});
