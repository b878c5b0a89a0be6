import type { TokenCredential } from '@azure/identity';
import type { Settings } from '../settings';
import { onceFor } from './onceFor';

/** Gives a credential when one is first needed. */
export type CredentialOf = () => Promise<TokenCredential>;

/** Of the app itself: its managed identity in Azure, whatever else `DefaultAzureCredential` finds elsewhere. */
export const appCredential = ({ AZURE_CLIENT_ID: clientId }: Settings): CredentialOf =>
  onceFor(async () => {
    const { DefaultAzureCredential } = await identityPackage();
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  });

/** Of whoever signed in with `az login`: what Graph is asked for then is asked for by them. */
export const signedInCredential: CredentialOf = onceFor(async () => {
  const { AzureCliCredential } = await identityPackage();
  return new AzureCliCredential();
});

/** Loaded when it is first needed: with connection strings and a simulator it never is, and it is most of a cold start. */
const identityPackage = () => import('@azure/identity');
