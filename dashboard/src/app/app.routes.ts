/** The pages; each is loaded when first opened. */
import type { Routes } from '@angular/router';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'overview' },
  { path: 'overview', loadComponent: () => import('./overview/overview').then((m) => m.Overview) },
  { path: 'apps', loadComponent: () => import('./apps/app-list').then((m) => m.AppList) },
  {
    path: 'apps/:project/:kind/:name',
    loadComponent: () => import('./apps/detail/app-detail').then((m) => m.AppDetail),
  },
  { path: 'run', loadComponent: () => import('./run/run-wizard').then((m) => m.RunWizard) },
  { path: 'containers', loadComponent: () => import('./containers/container-list').then((m) => m.ContainerList) },
  { path: 'network', loadComponent: () => import('./network/network-page').then((m) => m.NetworkPage) },
  { path: 'alerts', loadComponent: () => import('./alerts/alert-list').then((m) => m.AlertList) },
  { path: 'resources', loadComponent: () => import('./resources/kind-list').then((m) => m.KindList) },
  {
    path: 'resources/:group/:version/:plural',
    loadComponent: () => import('./resources/resource-list').then((m) => m.ResourceList),
  },
  {
    path: 'resources/:group/:version/:plural/new',
    loadComponent: () => import('./resources/resource-create').then((m) => m.ResourceCreate),
  },
  {
    path: 'resources/:group/:version/:plural/:project/:name',
    loadComponent: () => import('./resources/resource-detail').then((m) => m.ResourceDetail),
  },
  { path: '**', redirectTo: 'overview' },
];
