'use strict';
// Loaded into n8n first: when the command that started n8n is gone, however it ended, n8n shuts down as well.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
