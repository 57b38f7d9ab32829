/** A whole server in a temporary folder, and those who talk to it over HTTP. */
import { type Clock, systemClock } from "../../lib/clock.ts";
import { registeredSchema } from "../../protocol/host_info.ts";
import { type RunningServer, startServer } from "../../server/start.ts";

/** A server with the credentials that it made. */
export interface TestServer extends RunningServer {
  readonly admin: { readonly authorization: string };
  /** Registers an agent; the headers that it sends and its id. */
  register(
    hostname: string,
    capabilities?: readonly string[],
  ): Promise<{ readonly id: string; readonly headers: { readonly authorization: string } }>;
}

/** Runs `test` against a server that is closed afterwards. */
export async function withServer(
  test: (server: TestServer) => Promise<void>,
  { allowAnonymousAgents = false, clock = systemClock }: { allowAnonymousAgents?: boolean; clock?: Clock } =
    {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spectra-server-" });
  try {
    const server = await startServer({
      listen: { hostname: "127.0.0.1", port: 0 },
      dataDirectory: folder,
      tokenDirectory: folder,
      allowAnonymousAgents,
    }, clock);
    try {
      const adminToken = (await Deno.readTextFile(server.adminTokenPath)).trim();
      const enrollmentToken = (await Deno.readTextFile(server.enrollmentTokenPath)).trim();
      await test({
        ...server,
        admin: { authorization: `Bearer ${adminToken}` },
        async register(hostname, capabilities) {
          const response = await fetch(`${server.url}/api/v1/agent/register`, {
            method: "POST",
            body: JSON.stringify({ hostname, capabilities, enrollment_token: enrollmentToken }),
          });
          const { agent_id: id, agent_key: key } = registeredSchema.parse(await response.json());
          return { id, headers: { authorization: `Bearer ${key}` } };
        },
      });
    } finally {
      await server.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
