"""The words owners write above columns, in uk, ru, en, fr, es, nl, de and as OpenStreetMap tags: target -> phrases.

Phrases stand as `headers.folded` leaves them or looser; "№" stands for every way of writing "number".
A target named "~x" holds words so general that content may easily outvote them; "-" are columns known to be of no use.
"""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "ignore": """№ п/п|№ пп|№ з/п|№ зп|п/п|з/п|порядковий №|порядковый №|№ по порядку|№ за порядком|№ рядка
        |№ строки|row №|row|line №|line|№ ligne|ligne|№ d'ordre|№ de orden|№ fila|fila|rij№|rij|volg№|lfd №
        |laufende №|zeile|index|seq|sequence №|s №|s/n п/п|man made|osm type|фото|фотографія|фотография|photo
        |picture|image|image url|photo url|foto|bild|imagen|зображення|посилання на фото|ссылка на фото
        |зведені координати|version|timestamp|changeset|uid|user""",
    "source_id": """id|ідентифікатор|идентификатор|identifier|№ камери|№ камеры|камера №|id камери|id камеры
        |camera id|camera №|cam id|cam №|osm id|osmid|element id|fid|objectid|object id|gid|oid|record id|код камери
        |код камеры|camera code|identifiant|id camera|№ de camera|№ camera|identificador|id de camara|№ de camara
        |camera№|kamera id|kamera№|kamera №|kennung|device id|id пристрою|id устройства|уникальный №|унікальний №
        |unique id|ід|ід камери""",
    "~source_id": "код|code|ключ|key|№ запису|№ записи|номенклатурний №|feature id|камера|camera|відеокамера",
    "city_code": """код камери|код камеры|код|code|міський код|міський код камери|код у реєстрі|код в реєстрі
        |реєстровий №|реєстровий код|городской код|городской код камеры|код в реестре|реестровый №|реестровый код
        |city code|camera code|registry code|register code|registry №|облік код""",
    "inventory_number": """інвентарний №|інв №|інвентарний|инвентарный №|инв №|инвентарный|inventory №
        |inventory|inv №|asset №|asset id|asset tag|asset|№ d'inventaire|№ inventaire|inventaire|№ de inventario
        |inventario|inventaris№|inventar№|inventarnummer|anlagen№|облікова картка|обліковий №|учетный №|ref
        |reference|№ основного засобу|№ основного средства|реєстровий №|реестровый №|№ активу|inventarisnummer|інв""",
    "serial": """с/н|сн|серійний №|сер №|серійний|заводський №|зав №|заводський|серийный №|серийный|заводской №
        |заводской|serial №|serial|serial number|s/n|sn|serialno|№ de serie|№ serie|serie№|serien№|seriennummer
        |serienummer|fabrication №|hersteller№|№ serial|серійник|серийник|device serial""",
    "mac": """mac|mac адреса|mac адрес|mac address|мас|мас адреса|мас адрес|adresse mac|direccion mac|mac adres
        |mac adresse|фізична адреса|физический адрес|hardware address|ethernet address|hw address""",
    "onvif_uuid": "uuid|onvif uuid|onvif|urn uuid|endpoint|onvif endpoint|guid|endpoint reference|device uuid",
    "ip": """ip|ip адреса|ip адрес|ip address|ip v4|ipv4|ір|ір адреса|ір адрес|мережева адреса|сетевой адрес
        |adresse ip|direccion ip|ip adres|ip adresse|network address|host|хост|ip host|ip камери|ip камеры|ip camera""",
    "port": "порт|port|puerto|tcp port|http port|rtsp port|rtsp порт|порт rtsp|№ порту|№ порта|port №|poort",
    "name": """назва|назва камери|ім'я|ім'я камери|найменування|найменування камери|название|название камеры
        |имя|имя камеры|наименование|наименование камеры|name|camera name|label|title|display name|мітка|метка
        |підпис|подпись|nom|nom de la camera|intitule|libelle|nombre|nombre de la camara|etiqueta|naam|cameranaam
        |bezeichnung|kameraname|позначення|обозначение|канал|channel name|назва каналу|название канала|пристрій
        |устройство""",
    "~name": """камера|відеокамера|видеокамера|camera|cam|kamera
        |під'їзд|подъезд|entrance|вхід|вход|де встановлена|где установлена|точка|point
        |місце кріплення""",
    "owner_name": """власник|балансоутримувач|власник камери|власник балансоутримувач|на балансі|баланс
        |чий баланс|утримувач|організація|організація власник|підприємство|установа|собственник|владелец
        |балансодержатель|владелец камеры|организация|предприятие|учреждение|на балансе|баланс содержания|owner
        |owner name|owned by|asset owner|organisation|organization|company|agency|department|департамент
        |proprietaire|organisme|gestionnaire du bien|propietario|titular|eigenaar|eigentumer|besitzer|bronhouder
        |юридична особа|юридическое лицо|відомство|ведомство""",
    "operator_name": """оператор|розпорядник|експлуатуюча організація|обслуговуюча організація|експлуатант
        |хто обслуговує|відповідальний|відповідальна особа|відповідальна організація|володілець|розпорядник даних
        |хто переглядає|распорядитель|эксплуатирующая организация|обслуживающая организация|ответственный
        |ответственное лицо|кто обслуживает|operator|operated by|responsible|responsible person|responsible party
        |controller|data controller|managed by|exploitant|operateur|responsable|responsable du traitement|operador
        |beheerder|exploitant camera|betreiber|verantwortlicher|verantwortlich|verwerkingsverantwoordelijke
        |адміністратор""",
    "lat_deg": """широта|географічна широта|північна широта|широта wgs84|координата широта|пн ш|пнш|шир
        |географическая широта|северная широта|с ш|сш|latitude|lat|lat deg|gps lat|gps latitude|y lat|geo lat
        |latitud|breite|breitengrad|geographische breite|breedtegraad|noorderbreedte|координати широта
        |координаты широта|широта n|n широта|point y|coord lat|lat coord""",
    "lon_deg": """довгота|географічна довгота|східна довгота|довгота wgs84|координата довгота|сх д|схд|довг
        |географическая долгота|долгота|восточная долгота|в д|вд|longitude|lon|long|lng|lon deg|gps lon|gps long
        |gps longitude|x lon|geo lon|geo lng|longitud|lange|langengrad|geographische lange|lengtegraad|oosterlengte
        |laenge|laengengrad|point x|координати довгота|координаты долгота|долг|coord lon|lon coord|довгота e""",
    "coordinates": """координати|координати камери|координати gps|gps координати|gps|географічні координати
        |координати точки|координаты|координаты камеры|gps координаты|координаты gps|географические координаты
        |координаты точки|coordinates|coordinate|coords|gps coordinates|geo coordinates|lat lon|lat long|lat lng
        |latlon|latlng|latitude longitude|широта довгота|широта долгота|geolocation|geo point|geopoint|geometry|geom
        |wkt|the geom|coordonnees|coordonnees gps|coordenadas|coordenadas gps|coordinaten|gps coordinaten
        |koordinaten|gps koordinaten|геолокація|геолокация|геопозиція|точка на карті|точка на карте
        |посилання на карту|ссылка на карту|google maps|map link|geodaten|координати місця""",
    "x_m": """x|х|x m|координата x|координата х|x coord|x coordinate|easting|east|coord x|coordinate x
        |rechtswert|ostwert|x koordinate|abscisse|coordonnee x|coordenada x|este|x coordinaat|x ск63|x уск2000|rd x""",
    "y_m": """y|у|y m|координата y|координата у|y coord|y coordinate|northing|north|coord y|coordinate y
        |hochwert|nordwert|y koordinate|ordonnee|coordonnee y|coordenada y|norte|y coordinaat|y ск63|y уск2000|rd y""",
    "accuracy_m": """точність|точність координат|похибка|точность|точность координат|погрешность|accuracy
        |gps accuracy|horizontal accuracy|precision|precision gps|exactitud|nauwkeurigheid|genauigkeit""",
    "address": """адреса|адреса встановлення|адреса розташування|адреса розміщення|адреса місця встановлення
        |адреса камери|адреса об'єкта|адреса об'єкту|поштова адреса|місце встановлення|місце розташування
        |місце розміщення|місцезнаходження|місцерозташування|розташування|розміщення|адреса установки
        |адресний орієнтир|місце монтажу|адрес|адрес установки|адрес расположения|адрес камеры|адрес объекта
        |адрес размещения|место установки|место расположения|место размещения|местонахождение|местоположение
        |расположение|адресный ориентир|address|full address|street address|addr|addr full|postal address
        |installation address|site address|camera address|installed at|camera location|location address
        |place of installation|installation place|adresse|adresse postale|adresse complete|emplacement
        |lieu d'installation|adresse d'installation|localisation|lieu|direccion|domicilio|ubicacion|lugar
        |direccion postal|lugar de instalacion|adres|locatie|plaats van installatie|cameralocatie|standort|anschrift
        |aufstellort|einbauort|installationsort|montageort|standortadresse|вулиця будинок|вулиця та будинок
        |улица дом|улица и дом|вулиця № будинку""",
    "~address": "місце|локація|место|локация|location|place|where|ort|position|орієнтир|ориентир|адреса опис",
    "street_part": """вулиця|назва вулиці|вул|улица|название улицы|ул|street|street name|addr street|road|rue
        |nom de rue|voie|nom de la voie|calle|via|nombre de calle|straat|straatnaam|strasse|straße|straßenname
        |strassenname|вулиця проспект|улица проспект|вулиця площа|road name""",
    "house_part": """будинок|№ будинку|буд|номер дому|дім|дом|№ дома|house|house №|housenumber
        |addr housenumber|building №|street №|№ de rue|№ de voie|№ de maison|№ de portal|№ de casa|portal|altura
        |huis№|huisnummer|haus№|hausnummer|№ буд|корпус|будинок №|дом №""",
    "settlement": """місто|населений пункт|нп|громада|село|місто село|смт|область|город|населенный пункт|община
        |city|town|addr city|municipality|settlement|locality|addr place|commune|ville|localite|municipio|ciudad
        |localidad|poblacion|gemeente|plaats|woonplaats|stad|gemeinde|stadt|ortschaft|wohnort|територіальна громада""",
    "district": """район|район міста|адміністративний район|мікрорайон|район города|административный район
        |микрорайон|district|city district|borough|ward|neighbourhood|neighborhood|addr district|addr suburb|suburb
        |quartier|arrondissement|secteur|distrito|barrio|wijk|buurt|stadsdeel|bezirk|stadtbezirk|stadtteil|ortsteil
        |область район""",
    "~vendor_model": "камера|відеокамера|видеокамера|camera|kamera",
    "site": """школа|ліцей|лицей|гімназія|гимназия|садок|дитячий садок|детский сад|днз|здо|лікарня|больница
        |тц|трц|торговий центр|торговый центр|бц|бізнес центр|жк|житловий комплекс|магазин аптека|аптека|філія
        |филиал|відділення|отделение|school|shop|store|mall|branch|hospital|зупинка назва|остановка название
        |міст|мост|bridge|парк|сквер|заклад|навчальний заклад|учреждение|магазин
        |будівля|об'єкт|назва об'єкта|назва об'єкту|найменування об'єкта|об'єкт встановлення|об'єкт спостереження
        |опора|№ опори|щогла|щогла №|стовп|№ стовпа|перехрестя|зупинка|объект|название объекта|наименование объекта
        |объект установки|объект наблюдения|опора №|№ опоры|мачта|столб|№ столба|перекресток|остановка|site
        |site name|facility|object|pole|pole №|pole id|mast|mast id|place id|site id|junction|intersection|premises
        |site code|batiment|site d'installation|mat|poteau|№ de poteau|equipement|sitio|instalacion|poste|edificio
        |objekt|mast№|paal|paal№|kruispunt|gebaude|objektname|locatienaam|code site|назва закладу
        |название учреждения""",
    "indoor": """всередині|в приміщенні|всередині зовні|внутрішня зовнішня|внутрішня/зовнішня|внутри снаружи
        |внутренняя наружная|в помещении|indoor|outdoor|indoor outdoor|indoor/outdoor|inside|inside outside
        |interieur|interieur exterieur|interior|interior exterior|binnen|binnen buiten|innen|innen aussen
        |innen/außen|surveillance|розміщення всередині""",
    "floor": "поверх|этаж|floor|level|storey|etage|niveau|piso|planta|verdieping|stockwerk|geschoss",
    "height_m": """висота|висота встановлення|висота монтажу|висота підвісу|висота кріплення
        |висота розташування|высота|высота установки|высота монтажа|высота подвеса|высота крепления|height
        |mounting height|installation height|height above ground|mount height|camera height|hauteur
        |hauteur d'installation|hauteur de pose|altura de montaje|altura de instalacion|altura m|hoogte
        |montagehoogte|ophanghoogte|hohe|montagehohe|einbauhohe|aufhangehohe|height agl|вис встановлення""",
    "bearing_deg": """азимут|напрямок|напрям|напрямок огляду|напрям огляду|напрямок камери|напрям камери
        |напрямок зйомки|орієнтація|куди дивиться|куди направлена|куди спрямована|сектор огляду|азимут камери
        |азимут огляду|направление|направление обзора|направление камеры|направление съемки|ориентация|куда смотрит
        |куда направлена|азимут камеры|курс|сторона світу|сторона света|azimuth|bearing|heading|direction
        |camera direction|view direction|viewing direction|facing|orientation|yaw|azimut|cap
        |orientation de la camera|direction de vue|direction camera|rumbo|direccion de vista|orientacion|acimut
        |kijkrichting|richting|orientatie|blickrichting|ausrichtung|richtung|camera bearing|compass""",
    "tilt_deg": """нахил|кут нахилу|наклон|угол наклона|tilt|tilt angle|pitch|camera tilt|inclinaison
        |angle d'inclinaison|inclinacion|angulo de inclinacion|kanteling|kantelhoek|neigung|neigungswinkel
        |camera angle|кут нахилу камери""",
    "hfov_deg": """кут огляду|кут зору|горизонтальний кут огляду|кут огляду по горизонталі|поле зору|кут обзору
        |угол обзора|угол зрения|горизонтальный угол обзора|поле зрения|viewing angle|view angle|angle of view
        |field of view|fov|hfov|horizontal fov|horizontal field of view|aov|angle de vue|champ de vision
        |champ de vue|angle de champ|angulo de vision|campo de vision|kijkhoek|gezichtsveld|beeldhoek|blickwinkel
        |sichtfeld|bildwinkel|offnungswinkel|ширина сектора|ширина сектора огляду""",
    "focal_mm": """фокусна відстань|фокус|об'єктив|лінза|фокусное расстояние|объектив|линза|focal length|focal
        |lens|lens mm|distance focale|focale|objectif|distancia focal|objetivo|lente|brandpuntsafstand|lens type
        |brennweite|objektiv""",
    "range_m": """дальність|дальність огляду|дальність дії|дистанція|радіус огляду|радіус
        |дальність спостереження|дальность|дальность обзора|дальность действия|дистанция|радиус обзора|радиус|range
        |view range|viewing distance|viewing range|distance|coverage range|portee|distance de vue|portee m|alcance
        |distancia|rango|bereik|zichtafstand|kijkafstand|reichweite|sichtweite|coverage radius""",
    "ir_range_m": """іч|іч підсвітка|іч підсвічування|дальність іч|дальність іч підсвітки|дальність підсвітки
        |нічна підсвітка|ик|ик подсветка|дальность ик|дальность ик подсветки|дальность подсветки|ir|ir range
        |ir distance|infrared|infrared range|ir illumination|night vision|night vision range|infrarouge
        |portee infrarouge|portee ir|infrarrojo|alcance ir|alcance infrarrojo|infrarood|ir bereik|infrarot
        |ir reichweite|инфракрасная подсветка|інфрачервона підсвітка""",
    "width_px": """ширина кадру|ширина кадра|ширина зображення|image width|width px|frame width
        |resolution width|largeur image|width pixels""",
    "height_px": """висота кадру|высота кадра|висота зображення|image height|height px|frame height
        |resolution height|height pixels""",
    "resolution": """роздільна здатність|розширення|роздільність|якість зображення|матриця|мегапікселі|мп
        |кількість мегапікселів|разрешение|разрешающая способность|матрица|мегапиксели|качество изображения
        |resolution|image resolution|megapixels|mp|pixels|video resolution|definition|megapixel|resolucion
        |megapixeles|resolutie|auflosung|bildauflosung|формат відео""",
    "fps": """частота кадрів|кадрів за секунду|к/с|кадр/с|частота кадров|кадров в секунду|fps|frame rate
        |framerate|images par seconde|cadence|ips|fotogramas por segundo|cuadros por segundo|beelden per seconde
        |bildrate|bildfrequenz|bilder pro sekunde""",
    "codec": """кодек|стандарт стиснення|стиснення|сжатие|стандарт сжатия|codec|compression|video codec
        |encoding|codage|compresion|compressie|kompression|videocodec""",
    "vendor": """виробник|бренд|фірма|фірма виробник|торгова марка|завод виробник|производитель|фирма
        |фирма производитель|торговая марка|vendor|manufacturer|make|brand|maker|fabricant|marque|constructeur
        |fabricante|marca|fabrikant|merk|hersteller|fabrikat|marke""",
    "model": """модель|модель камери|модель відеокамери|модель обладнання|тип/модель|модель камеры
        |модель видеокамеры|модель оборудования|model|camera model|model №|model name|device model|modele
        |modele de camera|modelo|modelo de camara|cameramodel|typenummer|modell|kameramodell|typbezeichnung|product
        |hardware|part №|артикул""",
    "vendor_model": """марка модель|марка та модель|марка і модель|виробник модель|виробник та модель
        |бренд модель|марка и модель|производитель модель|производитель и модель|бренд и модель|make model
        |make and model|brand model|vendor model|manufacturer model|manufacturer and model|marque modele
        |marque et modele|marca modelo|marca y modelo|merk model|merk en model|hersteller modell|fabrikat typ|марка
        |марка камери|марка камеры|марка обладнання|тип обладнання модель|обладнання|оборудование|equipment""",
    "kind": """тип камери|вид камери|тип відеокамери|конструкція|виконання|тип корпусу|тип камеры|вид камеры
        |тип видеокамеры|конструкция|исполнение|тип корпуса|camera type|type of camera|camera kind|kind|form factor
        |housing|type de camera|tipo de camara|type camera|cameratype|soort camera|kameratyp|kameraart|bauform
        |тип відеокамер|ptz|поворотна|поворотная""",
    "~kind": "тип|вид|type|tipo|typ|soort|art",
    "mount": """кріплення|тип кріплення|спосіб кріплення|спосіб встановлення|спосіб монтажу|місце кріплення
        |де закріплена|крепление|тип крепления|способ крепления|способ установки|способ монтажа|место крепления
        |mount|camera mount|mount type|mounting|type of mount|mounting type|fixed to|mounted on|fixation
        |type de fixation|support|montaje|tipo de montaje|soporte|fijacion|bevestiging|montage|type bevestiging
        |befestigung|montageart|halterung""",
    "surveillance": """surveillance type|тип спостереження|вид спостереження|тип наблюдения
        |type de surveillance|tipo de vigilancia|type toezicht|uberwachungsart|функція розпізнавання|алгоритм
        |аналітика|аналитика|anpr|alpr|lpr|розпізнавання номерів|распознавание номеров""",
    "zone": """surveillance zone|зона|зона спостереження|зона огляду|зона контролю|об'єкт контролю
        |що спостерігає|зона наблюдения|зона обзора|зона контроля|zone|area|monitored area|monitored zone
        |coverage area|zone surveillee|zone de surveillance|zona|zona vigilada|area vigilada|bewaakte zone
        |toezichtsgebied|uberwachungsbereich|uberwachter bereich|bereich""",
    "audio": """звук|аудіо|мікрофон|запис звуку|аудио|микрофон|запись звука|audio|sound|microphone|mic
        |audio recording|son|enregistrement sonore|sonido|microfono|geluid|microfoon|ton|mikrofon|tonaufzeichnung""",
    "purpose": """призначення|мета|мета встановлення|ціль|мета обробки|функціональне призначення|назначение
        |цель|цель установки|purpose|reason|purpose of surveillance|use|finalite|objet|but|finalidad|proposito
        |objetivo de la vigilancia|uso|doel|doeleinde|zweck|verwendungszweck|uberwachungszweck""",
    "retention_days": """термін зберігання|строк зберігання|термін зберігання відео|глибина архіву|архів
        |архів діб|зберігання діб|час зберігання|срок хранения|срок хранения видео|глубина архива|архив|архив суток
        |время хранения|retention|retention days|retention period|storage days|archive depth|storage period
        |duree de conservation|conservation|retencion|periodo de conservacion|dias de grabacion
        |plazo de conservacion|bewaartermijn|bewaarperiode|speicherdauer|aufbewahrungsdauer|aufbewahrungsfrist""",
    "stream_url": """rtsp|rtsp посилання|rtsp ссылка|rtsp url|rtsp потік|потік|посилання на потік
        |посилання на трансляцію|адреса потоку|поток|ссылка на поток|ссылка на трансляцию|адрес потока|stream
        |stream url|stream address|rtsp link|video url|live url|live view|contact webcam|webcam|url|video link|flux
        |url du flux|flux video|url de transmision|flujo|stream adres|streamadresse|url flux|link to stream
        |трансляція|трансляция|онлайн трансляція""",
    "login": """логін|логин|login|username|user name|користувач|пользователь|identifiant de connexion|usuario
        |gebruikersnaam|benutzername|benutzer""",
    "password": """пароль|password|pass|pwd|mot de passe|contrasena|clave|wachtwoord|passwort|kennwort
        |логін пароль|логин пароль|login password""",
    "link": """канал зв'язку|тип підключення|підключення|тип зв'язку|зв'язок|провайдер|інтернет провайдер
        |мережа|лінія зв'язку|канал связи|тип подключения|подключение|связь|сеть|линия связи|link|connection
        |connection type|connectivity|network|uplink|isp|provider|liaison|connexion|type de connexion|reseau
        |conexion|tipo de conexion|enlace|red|verbinding|netwerk|anbindung|netzanbindung|verbindung|netzwerk|vlan""",
    "contract": """договір|№ договору|договір №|реквізити договору|контракт|договір дата|договор|№ договора
        |договор №|реквизиты договора|contract|contract №|agreement|agreement №|contrat|№ de contrat|marche|contrato
        |№ de contrato|vertrag|vertrags№|overeenkomst|contract nummer|дата та № договору|дата и № договора
        |№ контракту|№ контракта""",
    "contractor": """підрядник|підрядна організація|монтажна організація|постачальник|ким встановлено
        |хто встановив|виконавець робіт|подрядчик|подрядная организация|монтажная организация|поставщик
        |кем установлена|кто установил|contractor|installer|installed by|supplier|prestataire|installateur
        |fournisseur|entreprise|contratista|instalador|proveedor|aannemer|leverancier|auftragnehmer|errichter
        |lieferant|installationsfirma""",
    "warranty_until": """гарантія|гарантія до|гарантійний строк|гарантійний термін|термін гарантії
        |закінчення гарантії|гарантия|гарантия до|гарантийный срок|срок гарантии|окончание гарантии|warranty
        |warranty until|warranty end|warranty expires|warranty expiry|garantie|fin de garantie|garantie jusqu'au
        |garantia|garantia hasta|fin de garantia|garantie tot|einde garantie|garantie bis|garantieende
        |gewahrleistung bis""",
    "installed_on": """введено|введена|ввод|дата встановлення|дата монтажу|дата введення|дата введення в експлуатацію
        |рік встановлення|встановлена|встановлено|рік введення|рік введення в експлуатацію|введено в експлуатацію
        |дата установки|дата монтажа|дата ввода|дата ввода в эксплуатацию|год установки|год ввода
        |введена в эксплуатацию|установлена|installed|installed on|installation date|date installed|install date
        |start date|commissioned|commissioning date|year installed|date d'installation|date de mise en service
        |mise en service|annee d'installation|fecha de instalacion|fecha de puesta en servicio|ano de instalacion
        |instalada|installatiedatum|datum plaatsing|datum van installatie|plaatsingsdatum|installationsdatum
        |einbaudatum|inbetriebnahme|datum der inbetriebnahme|installiert am""",
    "~installed_on": "дата|рік|год|date|year|annee|fecha|ano|datum|jaar|jahr",
    "state": """статус|стан|технічний стан|стан камери|працездатність|робочий стан|працює|справність|состояние
        |техническое состояние|состояние камеры|работоспособность|исправность|работает|status|state|condition
        |working|operational status|in service|camera status|etat|statut|etat de fonctionnement|en service|estado
        |estado de funcionamiento|funciona|staat|toestand|werkend|zustand|betriebszustand|betriebsstatus""",
    "count": """кількість|кількість камер|к-сть|к-ть|кіль-ть|камер шт|шт|кількість відеокамер|к-сть камер|кільк
        |кіл-ть|кіл камер|всього камер|количество|количество камер|кол-во|кол-во камер|количество видеокамер
        |число камер|всего камер|count|camera count|№ of cameras|cameras|quantity|qty|number of cameras
        |nombre de cameras|quantite|nb cameras|nb de cameras|cantidad|cantidad de camaras|№ de camaras|aantal
        |aantal cameras|aantal camera's|anzahl|anzahl kameras|anzahl der kameras|menge|stuck""",
    "note": """примітка|примітки|коментар|коментарі|додаткова інформація|опис|зауваження|інше|додатково
        |примечание|примечания|комментарий|комментарии|дополнительная информация|описание|замечания|прочее
        |дополнительно|note|notes|comment|comments|remarks|remark|description|details|place details|additional info
        |additional information|memo|fixme|remarque|remarques|commentaire|commentaires|observation|observations
        |notas|nota|comentario|comentarios|observacion|observaciones|descripcion|opmerking|opmerkingen|omschrijving
        |toelichting|beschrijving|bemerkung|bemerkungen|anmerkung|anmerkungen|beschreibung|hinweis|характеристика
        |особливості|особенности""",
    "tags": "tags|osm tags|теги|other tags|all tags",
    "-": """elevation|ele|height above sea level|postcode|addr postcode|addr country|country|країна|страна
        |індекс|индекс|поштовий індекс|почтовый индекс|телефон|phone|telephone|telefono|telefoon|telefon|email
        |e-mail|пошта|вартість|стоимость|ціна|цена|балансова вартість|балансовая стоимость|первісна вартість|cost
        |price|prix|precio|prijs|preis|дата договору|дата договора|дата перевірки|дата проверки|check date
        |survey date|website|source|джерело|источник|highway|building|amenity|wikidata|датум оновлення
        |дата оновлення|дата обновления|updated at|created at|created by|last modified|прізвище|фамилия""",
}

# Words that say only "of the camera" and carry no meaning for the column.
NOISE: Final = frozenset(
    """4326 84 a am an and attributes camara camaras camera cameras cctv d das de den der des device die du el en
    epsg et field fields full gps het im kamera kameras l la las le les los of or properties tags the und value
    van video wgs wgs84 бажано в видео видеокамер видеокамера видеокамеры видеонаблюдения відео відеокамер
    відеокамера відеокамери відеоспостереження данные дані засоби засобу значение значення и камер камера камери
    камеру камеры на назва_поля обовязково повна повний полный пристрою системи системы та текст точна точный у
    устройства і інформація""".split()  # noqa: SIM905 - a paragraph reads easier than eighty quoted words
)

# Units as written in brackets or after a comma; the guess hands them on as written.
UNITS: Final = frozenset(
    """cm dagen day days deg degree degrees degres dias feet foot fps ft grad graden grados heures hour hours jours
    km m maanden meses meter meters metre metres metros mm mois monate months mp mpx pcs pixels px rad tage ° год
    годин град градус градуси градусов градусы градусів дн дней дні днів доба діб ед к/с км м мегапікселів мес
    месяцев метр метри метров метры метрів мм мп мпикс мпікс міс місяців од пікс пікселів рад см сут суток фут
    футів час часов шт штук""".split()  # noqa: SIM905 - as above: a paragraph is easier to read
)
