/** The environment as the parser wants it: `${_ENV NAME}` in a configuration is what the process was given as NAME. */

export function environmentOf(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) given[name] = value;
  return given;
}
