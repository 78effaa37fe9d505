/** An error of the API, with the code that AWS's reference lists for the operation. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
    this.name = code;
  }
}
