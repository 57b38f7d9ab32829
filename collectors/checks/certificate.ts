/** When the certificate of a TLS server expires. */

/**
 * Connects, reads the certificate and disconnects; the end of its validity in milliseconds since the Unix epoch. The certificate need
 * not be valid: this asks when it ends, not whether to trust it, and sends nothing. Rejects when there is no answer.
 */
export async function certificateExpiryMs(host: string, port: number, signal: AbortSignal): Promise<number> {
  // Loaded when first needed: it costs memory, and Deno's own TLS does not show the peer's certificate.
  const [{ connect }, net] = await Promise.all([import("node:tls"), import("node:net")]);
  return await new Promise<number>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // An address is no server name.
    const serverName = /[:]|^[\d.]+$/.test(host) ? {} : { servername: host };
    // A connection of its own below: Deno 2.7 keeps the one of a handshake that is broken off.
    const connection = net.connect({ host, port });
    const socket = connect({ socket: connection, ...serverName, rejectUnauthorized: false }, () => {
      const { valid_to } = socket.getPeerCertificate();
      finish(() => {
        const expiryMs = Date.parse(valid_to);
        if (Number.isNaN(expiryMs)) {
          reject(new Error(`The certificate of ${host} has no end that can be read`));
        } else resolve(expiryMs);
      });
    });
    const finish = (settle: () => void) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      connection.destroy();
      settle();
    };
    const abort = () => finish(() => reject(signal.reason));
    for (const part of [connection, socket]) part.on("error", (error) => finish(() => reject(error)));
    signal.addEventListener("abort", abort, { once: true });
  });
}
