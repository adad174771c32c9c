import { ChangeDetectionStrategy, Component, ViewEncapsulation } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { NoticeStack } from './notices/notice-stack';

@Component({
  selector: 'aether-root',
  imports: [NoticeStack, RouterOutlet],
  template: `
    <router-outlet />
    <aether-notice-stack />
  `,
  styleUrl: './app.css',
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {}
