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

/**
 * Somebody else has the data folder: a collector, or a command that opened it for a moment. Exit code 75, so that
 * a service tries again instead of waiting for a person.
 */
export class BusyError extends ConfigError {}
