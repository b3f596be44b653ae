/**
 * A person must change something before the collector can go on: configuration, a port, a folder,
 * a damaged file. Ends the process with exit code 78 and this one line.
 */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}
