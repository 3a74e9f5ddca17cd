// Notifications that are only noted, in `shown`, and a reader who looks elsewhere.
() => {
  window.shown = [];
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      window.requested = (window.requested || 0) + 1;
      Notification.permission = 'granted';
      return 'granted';
    }
    constructor(title, about) {
      window.shown.push([title, about.body]);
    }
    close() {}
  };
  document.hasFocus = () => false;
};
