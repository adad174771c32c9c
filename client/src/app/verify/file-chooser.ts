import { ChangeDetectionStrategy, Component, output } from '@angular/core';
import { FILE_BYTES_MAX, UnreadableFileError } from './export-file';

/** Opens an export from the reader's own machine; the file stays there. `opened` brings its text. */
@Component({
  selector: 'aether-file-chooser',
  template: `
    <label
      class="chooser"
      [class.chooser--over]="isOver"
      (dragover)="hover($event, true)"
      (dragleave)="hover($event, false)"
      (drop)="drop($event)"
    >
      <span i18n="@@file.choose">Open a file of the game, or drop it here</span>
      <input
        type="file"
        accept="application/json,.json"
        data-testid="battle-file"
        (change)="choose($event)"
      />
    </label>
  `,
  styles: `
    .chooser {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 16px;
      padding: 12px 16px;
      border: 1px dashed var(--edge);
      border-radius: var(--radius);
    }
    .chooser--over,
    .chooser:focus-within {
      border-color: var(--lamp);
    }
    input {
      max-width: 100%;
      color: var(--muted);
      font: inherit;
    }
    input::file-selector-button {
      margin-right: 10px;
      padding: 4px 12px;
      color: inherit;
      font: inherit;
      background: var(--panel-soft);
      border: 1px solid var(--edge);
      border-radius: 6px;
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FileChooser {
  readonly opened = output<string>();
  readonly refused = output<unknown>();

  protected isOver = false;

  protected hover(event: DragEvent, isOver: boolean): void {
    event.preventDefault();
    this.isOver = isOver;
  }

  protected async drop(event: DragEvent): Promise<void> {
    this.hover(event, false);
    await this.open(event.dataTransfer?.files[0]);
  }

  protected async choose({ target }: Event): Promise<void> {
    await this.open((target as HTMLInputElement).files?.[0]);
  }

  private async open(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      if (file.size > FILE_BYTES_MAX) throw new UnreadableFileError('too_large');
      this.opened.emit(await file.text());
    } catch (error) {
      this.refused.emit(error);
    }
  }
}
