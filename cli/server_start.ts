/** Starting a server from the command line: what can go wrong is told in terms of its flags. */
import { logger } from "../lib/log.ts";
import type { ServerOptions } from "../server/options.ts";
import type { Configuration } from "./configuration/configuration.ts";
import { formatAddress, type ListenAddress } from "./configuration/kinds.ts";
import { serverOptions } from "./configuration/options.ts";
import { CommandError, exitCodes } from "./exit_codes.ts";

const log = logger("cli");

/**
 * Starts a server.
 *
 * @throws {CommandError} When its address can't be listened on.
 */
export async function startServerHere(options: ServerOptions) {
  const { startServer } = await import("../server/start.ts");
  warnWithoutTls(options.listen);
  try {
    return await startServer(options);
  } catch (error) {
    throw explainListen(error, options.listen);
  }
}

/** Says which changed settings of a running server have to wait. */
export function warnOfRestart(current: ServerOptions, next: Configuration): void {
  const wanted = serverOptions(next);
  const changed = [
    formatAddress(wanted.listen) === formatAddress(current.listen) ? [] : ["listen"],
    wanted.allowAnonymousAgents === current.allowAnonymousAgents ? [] : ["allow_anonymous_agents"],
    wanted.dataDirectory === current.tokenDirectory ? [] : ["data"],
  ].flat();
  if (changed.length > 0) {
    log.warning("Takes effect when the server is started again: {settings}", {
      settings: changed.join(", "),
    });
  }
}

function warnWithoutTls(listen: ListenAddress): void {
  if (isLoopback(listen.hostname)) return;
  log.warning(
    "Listening on {address} without TLS: everybody on the way can read tokens and data. " +
      "Put a reverse proxy with a certificate before it, or listen on 127.0.0.1",
    { address: formatAddress(listen) },
  );
}

/** True for addresses that only this machine reaches. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Another error in words of the command line, or the same one. */
function explainListen(error: unknown, listen: ListenAddress): unknown {
  const message = `Cannot listen on ${formatAddress(listen)}`;
  for (let at = error, depth = 0; at instanceof Error && depth < 16; at = at.cause, depth++) {
    if (at instanceof Deno.errors.AddrInUse) {
      const port = listen.port === 65_535 ? 8080 : listen.port + 1;
      return new CommandError(exitCodes.unavailable, `${message}: another program uses port ${listen.port}`, {
        remedy: `Stop it (perhaps another spectra), or choose another port with --listen ${
          formatAddress({ ...listen, port })
        }`,
      });
    }
    if (at instanceof Deno.errors.AddrNotAvailable) {
      return new CommandError(exitCodes.unavailable, `${message}: this machine does not have that address`, {
        remedy: "Choose another one with --listen HOST:PORT",
      });
    }
    if (at instanceof Deno.errors.PermissionDenied && listen.port > 0 && listen.port < 1024) {
      return new CommandError(
        exitCodes.notPermitted,
        `${message}: ports below 1024 need root or CAP_NET_BIND_SERVICE`,
        {
          remedy: "Choose another one with --listen HOST:PORT",
        },
      );
    }
  }
  return error;
}
