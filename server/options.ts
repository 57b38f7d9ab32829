/** What a server is started with. */

/** Options of `spectra server`. */
export interface ServerOptions {
  /** Address to listen on; port 0 takes a free one. */
  readonly listen: { readonly hostname: string; readonly port: number };
  /** Folder of the databases. Made with mode 0700 when it is absent. */
  readonly dataDirectory: string;
  /** Folder that `admin-token` and `enrollment-token` are written to; the data directory unless `spectra up` says otherwise. */
  readonly tokenDirectory: string;
  /** Serve v1 agents that have no key. */
  readonly allowAnonymousAgents: boolean;
}
