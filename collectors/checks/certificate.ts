/** When the certificate of a TLS server expires. */

/**
 * Connects, reads the certificate and disconnects; the end of its validity in milliseconds since the Unix epoch. The certificate need
 * not be valid: this asks when it ends, not whether to trust it, and sends nothing. Rejects when there is no answer.
 */
export async function certificateExpiryMs(host: string, port: number, signal: AbortSignal): Promise<number> {
  // Loaded when first needed: it costs memory, and Deno's own TLS does not show the peer's certificate.
  const { connect } = await import("node:tls");
  return await new Promise<number>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // An address is no server name.
    const serverName = /[:]|^[\d.]+$/.test(host) ? {} : { servername: host };
    const socket = connect({ host, port, ...serverName, rejectUnauthorized: false }, () => {
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
      settle();
    };
    const abort = () => finish(() => reject(signal.reason));
    socket.on("error", (error) => finish(() => reject(error)));
    signal.addEventListener("abort", abort, { once: true });
  });
}
