import { Routes } from '@angular/router';
import { signedIn } from './account/guards';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'characters' },
  {
    path: 'sign-in',
    title: $localize`:@@signIn.pageTitle:Sign in – Aether`,
    loadComponent: () => import('./account/sign-in-page').then((page) => page.SignInPage),
  },
  {
    path: 'characters',
    title: $localize`:@@characters.pageTitle:Characters – Aether`,
    canActivate: [signedIn],
    loadComponent: () => import('./characters/characters-page').then((page) => page.CharactersPage),
  },
  {
    path: 'play/:character',
    title: 'Aether',
    canActivate: [signedIn],
    loadComponent: () => import('./play/play-page').then((page) => page.PlayPage),
  },
  {
    path: 'battles/:character',
    title: $localize`:@@battles.pageTitle:Past battles – Aether`,
    canActivate: [signedIn],
    loadComponent: () => import('./battles/battles-page').then((page) => page.BattlesPage),
  },
  {
    path: 'transfer/:character',
    title: $localize`:@@transfer.pageTitle:To another shard – Aether`,
    canActivate: [signedIn],
    loadComponent: () => import('./shards/transfer-page').then((page) => page.TransferPage),
  },
  ...['replay', 'replay/:battle'].map((path) => ({
    path,
    title: $localize`:@@replay.pageTitle:Replay – Aether`,
    loadComponent: () => import('./replay/replay-page').then((page) => page.ReplayPage),
  })),
  ...['verify/dice', 'verify/dice/:character/:pair'].map((path) => ({
    path,
    title: $localize`:@@diceProof.pageTitle:Dice thrown outside battles – Aether`,
    loadComponent: () => import('./verify/dice-page').then((page) => page.DicePage),
  })),
  ...['verify', 'verify/:battle'].map((path) => ({
    path,
    title: $localize`:@@verify.pageTitle:The dice of a battle – Aether`,
    loadComponent: () => import('./verify/verify-page').then((page) => page.VerifyPage),
  })),
  {
    path: '**',
    title: $localize`:@@notFound.pageTitle:Lost on the moor – Aether`,
    loadComponent: () => import('./not-found/not-found-page').then((page) => page.NotFoundPage),
  },
];
