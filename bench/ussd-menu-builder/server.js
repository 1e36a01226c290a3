// The menu that the USSD inputs of bench/requests.py walk through, in ussd-menu-builder on Express.
const express = require('express');
const UssdMenu = require('ussd-menu-builder');

const menu = new UssdMenu();
const next = { '0': 'menu', '1': 'danger', '4': 'work', '41': 'pay', '99': 'languages' };

menu.startState({
    run: () => menu.con('Norge/Norway info\nFare/danger: ring/call 112\nHjelp/help 24h: 22 33 11 60\n' +
        'Under 18: 116 111\nSvar/reply:\n1 Norsk\n2 English\n3 Romana\n4 Arabi\n6 Bulgarski\n98 >'),
    next: { '9': 'menu' },
});
const screens = {
    menu: 'Niebezpieczenstwo: dzwon pod 112. Darmowa rozmowa cala dobe: 22 33 11 60. ' +
        'Ponizej 18 lat: 116 111.\n1 Cos mi grozi\n2 Rozmowa\n3 Bezpieczne miejsce\n4 Praca i placa\n98 dalej\n0 menu',
    work: 'Praca i placa: zadzwon do ROSA, 22 33 11 60, za darmo, cala dobe. Mozesz miec prawo do pomocy i ' +
        'darmowego adwokata, co najmniej na trzy godziny, takze bez pozwolenia.\n98 dalej\n0 menu',
    pay: 'Mala wyplata lub zadna, brak umowy, potracanie kosztow: zadzwon do ROSA, 22 33 11 60. Mozesz tez ' +
        'napisac na stronie Arbeidstilsynet (inspekcja pracy).\n98 dalej\n0 menu',
    danger: 'Niebezpieczenstwo teraz: zadzwon pod 112. Dzwon, nie pisz SMS-ow. Gdy choroba lub uraz zagraza ' +
        'zyciu: zadzwon pod 113.\n98 dalej\n0 menu',
    languages: '112, 22 33 11 60, 116 111\n1 Norsk\n2 English\n3 Romana\n4 Arabi\n5 Tigrinya\n6 Bulgarski\n' +
        '7 Espanol\n8 Ukrainska\n9 Polski\n10 Russki\n11 Lietuviu\n12 Vietnam\n13 Thai\n14 Soomaali\n98 >',
};
for (const [name, text] of Object.entries(screens)) {
    menu.state(name, { run: () => menu.con(text), next });
}

const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/inbound/africastalking_ussd/:token', (request, response) => {
    menu.run(request.body, (result) => response.send(result));
});
app.get('/healthz', (_, response) => response.send('OK'));
app.listen(Number(process.argv[2]), '127.0.0.1');
