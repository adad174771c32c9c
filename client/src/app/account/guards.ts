import { inject } from '@angular/core';
import { CanActivateFn, Router } from '@angular/router';
import { SessionStore } from './session-store';

/** Only for people who are signed in; the others sign in first and come back. */
export const signedIn: CanActivateFn = async (_route, { url }) => {
  const router = inject(Router);
  const account = await inject(SessionStore).find();
  return account ? true : router.createUrlTree(['/sign-in'], { queryParams: { next: url } });
};
