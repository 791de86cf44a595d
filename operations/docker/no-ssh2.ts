/**
 * Stands in for packages that dockerode loads but this project never reaches: `ssh2` (with its native parts), since
 * `connect` runs the system's own ssh, and gRPC, which only image builds use. The bundle aliases them to this file,
 * so that it is one file without `node_modules`.
 */
const unused = (name: string) =>
  class {
    constructor() {
      throw new Error(`${name} is not part of this bundle; connect() uses the system's ssh`);
    }
  };

export const Client = unused('ssh2.Client');
export const Server = unused('grpc.Server');
