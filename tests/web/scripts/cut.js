// From now on no connection can be made, until `mend()`.
() => {
  const real = WebSocket;
  window.WebSocket = class {
    constructor() {
      setTimeout(() => this.onclose && this.onclose(), 0);
    }
    send() {}
    close() {}
  };
  window.mend = () => {
    window.WebSocket = real;
  };
};
