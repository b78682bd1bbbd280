"""The names that offices give to the columns of their tables, in the languages of this site."""

from collections.abc import Sequence

from campaign.protection.inputs.headings import Headings

COLUMNS = ("name", "email", "address", "postcode", "city", "country")
ONCE = ("email", "country")  # of the others, several columns can stand for one: first and last name, street and number

HEADERS = {
    "en": {
        "name": "name, names, full name, first name, given name, middle name, last name, family name, surname, signer",
        "email": "email, e-mail, mail, email address, e-mail address",
        "address": "address, postal address, mailing address, home address, street, street address, street and number,"
        " house number, address line 1, address line 2",
        "postcode": "postcode, post code, postal code, zip, zip code",
        "city": "city, town, place, town or city, state, province, county",
        "country": "country, country code, country of residence, nation",
    },
    "de": {
        "name": "Name, Namen, Vorname, Nachname, Familienname, Zuname, Vor- und Nachname, Vor- und Zuname,"
        " Vollständiger Name",
        "email": "E-Mail, Mail, E-Mail-Adresse, Mailadresse",
        "address": "Adresse, Anschrift, Postanschrift, Wohnadresse, Straße, Hausnummer, Straße und Hausnummer",
        "postcode": "PLZ, Postleitzahl",
        "city": "Ort, Stadt, Wohnort, Bundesland, Kanton",
        "country": "Land, Staat, Länderkürzel, Ländercode, Wohnsitzland",
    },
    "fr": {
        "name": "nom, noms, prénom, prénoms, nom de famille, nom et prénom, prénom et nom, nom complet",
        "email": "courriel, e-mail, mail, mél, adresse e-mail, adresse mail, adresse électronique",
        "address": "adresse, adresse postale, rue, voie, rue et numéro",
        "postcode": "code postal, CP, NPA",
        "city": "ville, commune, localité, lieu, canton",
        "country": "pays, code pays, pays de résidence",
    },
    "es": {
        "name": "nombre, nombres, apellido, apellidos, nombre y apellidos, apellidos y nombre, nombre completo",
        "email": "correo, correo electrónico, dirección de correo, dirección de correo electrónico, e-mail",
        "address": "dirección, dirección postal, domicilio, calle, calle y número",
        "postcode": "código postal, C.P.",
        "city": "ciudad, localidad, población, municipio, provincia",
        "country": "país, código de país, país de residencia",
    },
    "it": {
        "name": "nome, cognome, nome e cognome, cognome e nome, nome completo, nominativo",
        "email": "e-mail, posta elettronica, indirizzo e-mail, indirizzo di posta elettronica",
        "address": "indirizzo, indirizzo postale, via, via e numero, domicilio, residenza, numero civico",
        "postcode": "CAP, codice postale, codice di avviamento postale",
        "city": "città, comune, località, provincia",
        "country": "paese, nazione, stato, codice paese",
    },
    "ja": {
        "name": "名前, お名前, 氏名, ご氏名, 姓名, 姓, 名, 苗字, 名字",
        "email": "メール, Eメール, 電子メール, メールアドレス, Eメールアドレス, 電子メールアドレス",
        "address": "住所, ご住所, 番地, 町名番地",
        "postcode": "郵便番号",
        "city": "市区町村, 市町村, 市, 都市, 都道府県",
        "country": "国, 国名, 居住国, 国コード, 国・地域",
    },
    "ko": {
        "name": "이름, 성명, 성함, 성",
        "email": "이메일, 메일, 전자우편, 이메일 주소, 전자우편 주소",
        "address": "주소, 도로명 주소, 우편 주소, 상세 주소",
        "postcode": "우편번호, 우편 번호",
        "city": "도시, 시, 시/군/구",
        "country": "국가, 나라, 거주 국가, 국가 코드",
    },
    "zh-hant": {
        "name": "姓名, 名字, 名稱, 姓, 名, 姓氏, 全名",
        "email": "電子郵件, 電子郵件地址, 電子郵箱, 電郵, 電郵地址, 電子信箱, 郵箱, 信箱",
        "address": "地址, 住址, 通訊地址, 郵寄地址, 街道",
        "postcode": "郵遞區號, 郵政編碼, 郵編",
        "city": "城市, 市, 縣市",
        "country": "國家, 國別, 國家/地區, 居住國家",
    },
    "zh-hans": {
        "name": "姓名, 名字, 名称, 姓, 名, 姓氏, 全名",
        "email": "电子邮件, 电子邮件地址, 电子邮箱, 电邮, 邮箱, 邮箱地址",
        "address": "地址, 住址, 通讯地址, 邮寄地址, 街道",
        "postcode": "邮政编码, 邮编",
        "city": "城市, 市, 省市",
        "country": "国家, 国别, 国家/地区, 居住国家",
    },
    "he": {
        "name": "שם, שם מלא, שם פרטי, שם משפחה, שם ושם משפחה",
        "email": 'דוא"ל, אימייל, מייל, דואר אלקטרוני, כתובת דוא"ל, כתובת מייל, כתובת אימייל',
        "address": "כתובת, כתובת מגורים, כתובת למשלוח, רחוב, רחוב ומספר",
        "postcode": "מיקוד",
        "city": "עיר, יישוב, ישוב",
        "country": "מדינה, ארץ, ארץ מגורים",
    },
    "ar": {
        "name": "الاسم, اسم, الاسم الكامل, الاسم الأول, اسم العائلة, اللقب, الكنية, الاسم واللقب",
        "email": "البريد الإلكتروني, بريد إلكتروني, عنوان البريد الإلكتروني, الإيميل, إيميل",
        "address": "العنوان, عنوان, العنوان البريدي, عنوان السكن, الشارع",
        "postcode": "الرمز البريدي, رمز بريدي",
        "city": "المدينة, مدينة, البلدة",
        "country": "البلد, بلد, الدولة, دولة, بلد الإقامة",
    },
    "vi": {
        "name": "tên, họ, họ tên, họ và tên, họ tên đầy đủ, tên đầy đủ",
        "email": "email, e-mail, thư điện tử, địa chỉ email, địa chỉ thư điện tử",
        "address": "địa chỉ, địa chỉ nhà, địa chỉ bưu điện, đường, số nhà",
        "postcode": "mã bưu chính, mã bưu điện",
        "city": "thành phố, tỉnh, tỉnh/thành phố",
        "country": "quốc gia, nước, quốc gia cư trú",
    },
}

SIGNS = {"postcode": "〒"}
HEADINGS = Headings({**HEADERS, "signs": SIGNS}, once=ONCE)


def columns_of(headers: Sequence[str]) -> tuple[str, ...]:
    """Return what each header of a table names.

    >>> columns_of(["E-Mail-Adresse:", "Name / 氏名", "Straße", "phone"])
    ('email', 'name', 'address', '')
    """
    return HEADINGS.columns_of(headers)
