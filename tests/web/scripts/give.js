// Paste or drop a file, as a person does.
({kind, name, type, data}) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, {type}));
  const target = document.querySelector(kind === 'paste' ? 'textarea.tx' : '.scroller');
  if (kind === 'paste')
    target.dispatchEvent(new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true}));
  else
    for (const each of ['dragenter', 'dragover', 'drop'])
      target.dispatchEvent(new DragEvent(each, {dataTransfer: transfer, bubbles: true, cancelable: true}));
};
