import { Routes } from '@angular/router';

export const routes: Routes = [
  {
    path: '**',
    title: $localize`:@@notFound.pageTitle:Lost on the moor – Aether`,
    loadComponent: () => import('./not-found/not-found-page').then((page) => page.NotFoundPage),
  },
];
