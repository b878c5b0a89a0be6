import { z } from 'zod';

/** Mails that the simulator sent, without their redeem URLs: nothing here is to show one. */
const mails = z.object({ value: z.array(z.object({ to: z.string(), clientRequestId: z.string() })) });

export type Mail = z.output<typeof mails>['value'][number];

/** The simulator's control surface, as far as the demo turns it. Throws when it says no. */
export function makeSimulatorControl(graphUrl: string) {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${graphUrl}/_simulator/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    if (!response.ok) throw new Error(`The simulator answers ${method} ${path} with ${response.status}.`);
    return response.json();
  };
  return {
    mails: async (): Promise<Mail[]> => mails.parse(await call('GET', 'mails')).value,
    /** The person presses Accept. */
    accept: (email: string) => call('POST', 'redemptions', { email }),
    /** Somebody of the tenant's own. */
    addMember: (email: string, displayName: string) =>
      call('POST', 'users', { email, displayName, userType: 'Member', state: null }),
    /** Somebody who has been a guest for two years. */
    addGuest: (email: string, displayName: string) =>
      call('POST', 'users', { email, displayName, state: 'Accepted', createdDateTime: '2024-03-01T09:00:00Z' }),
  };
}

export type SimulatorControl = ReturnType<typeof makeSimulatorControl>;
