'use strict';
// Loaded first into n8n and npm: when the command that started them is gone, however it ended, they and theirs end as well.
if (process.channel) {
	process.once('disconnect', () => process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGTERM'));
	process.channel.unref();
}
