/**
 * Something the person who runs the program must know or mend, said to that person in French: a folder that cannot be
 * written, a server that does not start. Shown as it is, without a stack trace.
 */
export class OperatorError extends Error {
  /** 1 refused or failed, 2 called wrongly or data folder in use. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
