/** A workspace to look around in: a handful of chats, people, numbers, labels, templates and files. */
import { type World } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Fills an empty world. */
export function demoWorld(world: World): void {
	const now = world.clock.now();
	const ben = world.addTeammate({ name: 'Ben Ortiz', email: 'ben.ortiz@acme.example', team: 'Sales' });
	const lea = world.addTeammate({ name: 'Lea Novak', email: 'lea.novak@acme.example', role: 'admin' });
	world.addTeammate({ name: 'Sam Reed', email: 'sam.reed@acme.example', status: 'Invited', invitationStatus: 'Pending' });
	const sales = world.addAccount({ owner: ben, name: 'Acme Sales' });

	const anna = world.addChat({ name: 'Anna Fischer', phone: '+4915112345671', labels: ['customer', 'VIP'], responsible: lea });
	world.addMessage(anna, { at: now - 26 * HOUR, text: 'Hi! Do you deliver to Hamburg?' });
	world.addMessage(anna, { at: now - 25 * HOUR, fromMe: true, text: 'Hello Anna, yes we do. It takes two days.', createdBy: lea.name });
	world.addMessage(anna, { at: now - 25 * HOUR + 4 * MINUTE, text: 'Great, thank you 🙏' });

	const marco = world.addChat({ name: 'Marco Rossi', phone: '+393331234562', account: sales, labels: ['lead'], read: false });
	world.addMessage(marco, { at: now - 3 * HOUR, text: 'Could you send me the price list?' });

	const joan = world.addChat({ name: 'Joan Ferrer', phone: '+34611223343', closed: true, responsible: ben, labels: ['customer'] });
	world.addMessage(joan, { at: now - 50 * HOUR, text: 'The parcel has arrived, all good.' });

	const group = world.addChat({
		name: 'Acme & Globex launch',
		isGroup: true,
		groupMembers: [
			{ name: 'Anna Fischer', phone: '+4915112345671', role: 'member' },
			{ name: 'Omar Haddad', phone: '+971501234564', role: 'admin' },
		],
	});
	world.addMessage(group, { at: now - 90 * MINUTE, text: 'Shall we meet on Thursday?', author: { name: 'Omar Haddad', phone: '+971501234564' } });

	world.addFile({ filename: 'price-list.pdf', content: 'Acme price list' });
	world.addFile({ filename: 'logo.png', mimetype: 'image/png', size: 20_480 });
	world.addAttachmentTemplate(world.addFile({ filename: 'brochure.pdf', listed: false }));
	world.addTemplate();
	world.addTemplate({ name: 'Opening hours', text: 'We are here from Monday to Friday, 9:00 to 17:00.', team: 'Sales', createdBy: ben, updatedBy: ben });

	const waba = world.addWabaAccount({ name: 'Acme Support', owner: lea });
	const noor = world.addWabaChat({ name: 'Noor Aziz', phone: '+447700900125', account: waba });
	world.addMessage(noor, { at: now - 2 * HOUR, text: 'Where is my order A-1027?' });
	world.addWabaTemplate();
	world.addWabaTemplate({
		name: 'appointment_reminder',
		parameterFormat: 'NAMED',
		category: 'UTILITY',
		components: [
			{ type: 'HEADER', format: 'TEXT', text: 'Reminder for {{name}}', example: { header_text_named_params: [{ param_name: 'name', example: 'Dana' }] } },
			{
				type: 'BODY',
				text: 'Your appointment is on {{day}} at {{time}}.',
				example: {
					body_text_named_params: [
						{ param_name: 'day', example: 'Monday' },
						{ param_name: 'time', example: '10:30' },
					],
				},
			},
			{ type: 'FOOTER', text: 'Acme Inc.' },
		],
	});
	world.addWabaTemplate({ name: 'summer_sale', status: 'REJECTED', category: 'MARKETING', components: [{ type: 'BODY', text: 'Everything must go!' }] });

	for (const label of ['customer', 'lead', 'VIP', 'complaint']) world.labels.add(label);
}
