import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';

export type ArtFolder = 'items' | 'portraits' | 'skills' | 'states' | 'ui';

const STAND_INS: Readonly<Record<ArtFolder, string>> = {
  items: 'unknown',
  portraits: 'stranger',
  skills: 'unknown',
  states: 'buff',
  ui: 'emblem',
};

/** A picture of the house's own art; what has none yet shows the stand-in of its folder. */
@Component({
  selector: 'aether-art',
  template: `<img
    [src]="source()"
    [alt]="alt()"
    [style.width.px]="size()"
    [style.height.px]="size()"
    (error)="isMissing.set(true)"
  />`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    img {
      object-fit: contain;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Art {
  readonly folder = input.required<ArtFolder>();
  readonly name = input.required<string>();
  readonly size = input(24);
  /** Empty where the words beside it already say what it is. */
  readonly alt = input('');

  protected readonly isMissing = linkedSignal({
    source: () => `${this.folder()}/${this.name()}`,
    computation: () => false,
  });
  protected readonly source = computed(() => {
    const name = this.isMissing() ? STAND_INS[this.folder()] : this.name();
    return `art/${this.folder()}/${name}.svg`;
  });
}
