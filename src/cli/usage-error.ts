/** A command line that commander accepts and that cannot be performed all the same. Its message is for the operator. */
export class UsageError extends Error {}
