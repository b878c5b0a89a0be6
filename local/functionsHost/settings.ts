/**
 * Fills `%NAME%` in a trigger's option with that setting; text without one stays as it is.
 *
 * @throws Error naming the setting, when it has no value.
 */
export function resolveSettings(text: string, settingOf: (name: string) => string | undefined): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settingOf(name);
    if (value === undefined) throw new Error(`The setting ${name}, which "${text}" refers to, has no value.`);
    return value;
  });
}

/**
 * The connection string behind a trigger's `connection`.
 *
 * @throws Error naming the setting; identity-based connections need Azure.
 */
export function connectionOf(name: string, settingOf: (name: string) => string | undefined): string {
  const connectionString = settingOf(name);
  if (connectionString) return connectionString;
  if (settingOf(`${name}__fullyQualifiedNamespace`)) {
    throw new Error(
      `${name}__fullyQualifiedNamespace asks for a managed identity, which the local host does not support: set ${name} to a connection string.`,
    );
  }
  throw new Error(`The setting ${name} has no value: it must be a Service Bus connection string.`);
}
