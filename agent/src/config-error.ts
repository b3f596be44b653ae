/** A person must change configuration, a file or a folder first: one line, exit code 78. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}
