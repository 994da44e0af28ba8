"""Traditional Chinese (Taiwan), the bot's first language."""

from typing import Final

from bot.replies.texts.catalogue import (
    Accuracy,
    Admin,
    Album,
    Basics,
    Buttons,
    Corrections,
    Counted,
    Faults,
    LanguageChoice,
    Learn,
    Menu,
    Photo,
    Pictures,
    Predict,
    Problems,
    Sharing,
    TestImages,
    Texts,
    Toasts,
    Troubles,
    Units,
    Why,
)
from bot.vision.labels import CLASS_NAMES, SAID_NAMES

TEXTS: Final = Texts(
    language_name="繁體中文",
    class_names=CLASS_NAMES,
    short_names=(*CLASS_NAMES[:9], "踝靴"),
    beyond_names=(SAID_NAMES[10], SAID_NAMES[11], SAID_NAMES[12]),
    outside_name="十類以外",
    units=Units(
        photos=Counted.alike("{count} 張照片"),
        videos=Counted.alike("{count} 段影片"),
        images=Counted.alike("{count} 張圖"),
        people=Counted.alike("{count} 人"),
        corrections=Counted.alike("{count} 筆更正"),
        seconds=Counted.alike("{count} 秒"),
        minutes=Counted.alike("{count} 分鐘"),
        hours=Counted.alike("{count} 小時"),
        days=Counted.alike("{count} 天"),
        years=Counted.alike("{count} 年"),
        records=Counted.alike("{count} 筆資料"),
        date="{year} 年 {month} 月 {day} 日",
        months=tuple(str(month) for month in range(1, 13)),
        list_separator="、",
    ),
    menu=Menu(
        start="開始使用",
        help="怎麼用、怎麼拍比較好認",
        sample="隨機看一張測試圖片",
        gallery="看 25 張測試圖片，逐張點開",
        accuracy="準確率與混淆矩陣",
        learn="一步步看電腦怎麼學會認衣服",
        train="訓練你自己的神經網路，和我比一比",
        quiz="猜測試圖片，和模型比分數",
        language="切換語言 / Language",
        privacy="保留什麼、保留多久",
        forget="刪除你的所有資料",
        classify="辨識照片：回覆一張照片，或寫在照片說明裡",
        status="執行狀態",
        reload="立刻載入新模型",
        corrections="審核更正",
        name="這是什麼衣服？",
        description=(
            "傳一張衣物的照片給我，我會說它是 T恤、褲子、毛衣、連衣裙、外套、涼鞋、襯衫、運動鞋、包包還是踝靴，"
            "有多確定，也讓你看到模型究竟看見了什麼。不確定時，我會直接說不確定。\n\n"
            "照片只在辨識時使用，沒有你的同意就不保留。"
        ),
        short_description="傳一張衣物照片，我說出它是什麼、有多確定，也讓你看模型看見了什麼。",
    ),
    basics=Basics(
        start=(
            "<b>你好！傳一張衣物的照片給我。</b>\n"
            "大約一秒後，我會說出裡面每一件衣物是什麼、有多確定，也讓你看到模型看見了什麼。\n\n"
            "我認得十類：{classes}。其中連衣裙就是洋裝。\n\n"
            "<b>最好認的照片</b>：攤平、掛好或穿在身上都可以，衣物拍得大一點，背景單純些。\n\n"
            "手邊沒有照片？試試 /sample 和 /gallery。想知道我怎麼學會的，請看 /learn。\n"
            "我會看錯，不確定時也會直說。照片怎麼處理，請看 /privacy。"
        ),
        help=(
            "<b>傳照片</b>：我會圈出每一件衣物並編號，一行說一件；再附上其中一件的 28×28 像素和機率。"
            "機率綜合兩個模型的看法：一個看這些像素，另一個看衣物的彩色照片。"
            "十類和「十類以外」加起來是 100%，點一下答案下面的引用就會展開。\n"
            "・照片或圖片檔都可以，一個檔案最多 20 MB。\n"
            "・一次傳好幾張（相簿），我會合在一則回覆裡；按數字看每一張。\n"
            "・一個人身上穿了好幾件時，每件有一個按鈕，按了就看那一件。\n"
            "・看錯了，請按「更正」；好奇原因，請按「為什麼」。\n\n"
            "<b>我有多確定</b>\n"
            "・很有把握：用模型沒學過的照片試過，這樣說的答案 97% 是對的；街頭穿搭較低，大約 85%。\n"
            "・應該是：至少 80% 是對的。\n"
            "・不確定：比這更低，所以列出兩個可能。\n"
            "・其他衣物：是衣物，但不在十類裡，例如裙子、帽子。\n"
            "這些門檻是用模型沒看過的照片選出來的。\n\n"
            "<b>怎麼拍比較好認</b>：拍到整件，光線充足，背景和衣物的顏色不要太接近。\n\n"
            "<b>指令</b>\n"
            "/sample　隨機看一張測試圖片\n"
            "/gallery　25 張測試圖片，逐張點開\n"
            "/accuracy　準確率與混淆矩陣\n"
            "/learn　一步步看電腦怎麼學會認衣服\n"
            "/train　訓練你自己的神經網路，和我比一比\n"
            "/quiz　猜測試圖片，和模型比分數\n"
            "/language　切換語言\n"
            "/privacy　保留什麼、保留多久\n"
            "/forget　刪除你的所有資料\n\n"
            "<b>在群組裡</b>：用 /classify 回覆一張照片，或把它寫在照片說明裡；在訊息裡 @ 我也可以。"
            "用照片回覆我的訊息，我也會看。/train 會開一張成績表，全班都能加入；/quiz 出一題大家猜；"
            "/sample、/gallery、/accuracy 和 /learn 一起看。其他訊息我不會回應。"
        ),
        help_admin="<b>管理員</b>\n/status　執行狀態\n/reload　立刻載入新模型\n/corrections　審核更正",
        privacy=(
            "<b>隱私</b>\n\n"
            "<b>你傳來的照片</b>只在記憶體裡辨識，回覆完就丟掉，不會存檔，也不會拿去訓練。\n\n"
            "<b>你第一次更正時</b>，我會問你要不要保留照片。你同意了，之後按「對了」或更正的照片才會保留："
            "縮到 640 像素以內、去掉拍攝資訊的照片（照片裡有人時，找得到的頭部會先遮住），"
            "圈出那件衣物的框線，你選的類別，模型當時的答案和模型版本。"
            "用途只有一個：訓練下一版模型，而且要先經過管理員審核。"
            "不同意的話，我只記得你不同意，免得每次都問；更正只算次數，看不出是誰。\n\n"
            "<b>保留多久</b>：審核通過的照片最多 {accepted}，還沒審核的 {pending}，退回的 {rejected}；"
            "每人最多 {photos}。"
            "你的同意或不同意也在 {consent_kept}後失效。你隨時可以用 /forget 全部刪除，並收回同意。"
            "已經訓練好的模型改不回去，但下一次訓練不會再用到你的照片。\n\n"
            "<b>/train</b>：你訓練的神經網路（只有數字和成績）我替你留 {network_kept}，再訓練就換成新的，"
            "全部加起來太多時先刪最舊的。在群組按了「加入」，你的名字和成績會寫進那裡的表，我這裡留 {names_kept}。"
            "群組裡 /quiz 的作答只用來算比數，留 {quiz_kept}。這些都能用 /forget 刪除。\n\n"
            "<b>轉傳</b>：為了讓「轉傳」按鈕找得到，私訊裡最近一次的答案（圖卡在 Telegram 的檔案代碼，和它的文字）保留 "
            "{answer_kept}，只給你自己用，/forget 會刪除；你自己傳出去，別人才看得到。\n\n"
            "<b>其他</b>：除了那張表，我不存你的名字或 Telegram 帳號，只用一組金鑰算出的代碼"
            "來找到你的資料和你選的語言。"
            "語言保留 {language_kept}，課程看到第幾步保留 {course_place}。為了不漏掉也不重複回覆，收到的訊息最多暫存 "
            "{updates}。記錄檔不含個人資料。\n\n"
            "{consent}"
        ),
        privacy_consent_given=(
            "你目前：<b>同意</b>保留按過「對了」或更正過的照片，現在存有 {photos}。要收回同意並刪除照片，請用 /forget。"
        ),
        privacy_consent_refused=(
            "你目前：<b>不同意</b>保留照片，這裡沒有你的照片，更正時也不再問你。改變主意了？按下面的按鈕，"
            "下次更正時我會再問一次。"
        ),
        privacy_consent_not_given="你目前：<b>沒有</b>同意保留照片，這裡沒有你的照片。",
        privacy_consent_unknown="你目前的選擇現在讀不到，因為資料庫暫時連不上。請過一會兒再輸入 /privacy。",
        unknown_text="我看的是照片。請傳一張衣物的照片給我，或按 /sample 看一張測試圖片；所有用法在 /help。",
        unknown_command="我沒有這個指令。所有用法在 /help。",
        sticker="貼圖很可愛，可是我只會看照片。請傳一張衣物的照片給我。",
        voice="我聽不懂聲音，只會看照片。請傳一張衣物的照片給我。",
        video="我還不會看影片。請從裡面截一張圖，當成照片傳給我。",
        animation="會動的圖我看不了。請傳一張靜止的照片給我。",
        other="這個我不會看。請傳一張衣物的照片給我；所有用法在 /help。",
        story="限時動態我看不到。請把裡面的衣物拍成照片，或截圖傳給我。",
        paid_media="付費內容 Telegram 不會交給我。請傳一張衣物的照片給我。",
        classify_usage=(
            "要我看照片，請用 /classify 回覆那張照片，或把 /classify 寫在照片的說明裡；在群組裡，也可以 @ 我。"
        ),
        only_in_private="/{command} 只能在私訊裡用：{link}",
        open_private="打開和我的對話",
    ),
    problems=Problems(
        not_an_image="這個檔案不是我能讀的圖片。請傳 JPEG、PNG、WebP、HEIC 之類的照片。",
        damaged="這張圖片好像壞了，讀到一半就讀不下去。請重新傳一次，或換一張。",
        too_many_bytes="這個檔案超過 20 MB，機器人無法下載。請直接當成照片傳（Telegram 會自動縮小），或先縮小再傳。",
        too_many_pixels="這張圖片的像素太多了。請縮小後再傳，或直接當成照片傳，Telegram 會自動縮小。",
        too_slow="這張圖片花太久還沒讀完，我先停下來了。請換一張，或直接當成照片傳。",
        too_much_memory="讀這張圖片需要的記憶體太多，我先停下來了。請縮小後再傳，或直接當成照片傳。",
        unreadable="這張圖片我讀不了。請換一張，或直接當成照片傳。",
    ),
    faults=Faults(
        error="出了點問題，這次沒能回答。請再試一次；如果一直這樣，請把代碼 <code>{error_id}</code> 告訴管理員。",
        download_failed="Telegram 沒把這張照片交給我。請過一會兒再傳一次。（代碼 <code>{error_id}</code>）",
        no_model="現在沒有可用的模型，所以還不能辨識。管理員放好模型後就可以了，請晚點再傳。",
        no_test_images="現在拿不到測試圖片，所以這個功能暫時不能用。傳照片給我還是可以辨識的。",
        no_card="目前的模型沒有附上成績單，所以說不出準確率。按下面的按鈕，我可以現在量一次。",
        store_away="資料庫暫時連不上，這個動作沒有存下來。請過一會兒再試；辨識照片不受影響。",
        photo_gone="找不到原來那張照片了，可能已經被刪除。請再傳一次。",
        files_unreadable="我現在拿不到照片的檔案。這是機器人的設定問題，已經通知管理員；修好以後請再傳一次。",
        queue="收到了，前面還有 {photos}，大約要等 {wait}。",
        over_limit="十分鐘內我最多看 {limit}。這次有 {photos}沒看，請在 {wait}後再傳一次。",
    ),
    photo=Photo(
        sure="<b>{name}</b>，很有把握（{percent}）",
        likely="應該是<b>{name}</b>（{percent}）",
        unsure="不確定：<b>{first}</b>（{first_percent}）或<b>{second}</b>（{second_percent}）",
        unsure_other="不確定：<b>{name}</b>（{percent}）",
        other_clothing="<b>其他衣物</b>（十類以外 {percent}）",
        numbered="{number}. {line}",
        judged="▶ {number}. {line}",
        nothing=(
            "我找過上衣、外套、連衣裙、褲子、鞋子和包包，在這張照片裡都沒有看到。\n"
            "換一張試試：靠近一點、光線充足、背景單純的照片。"
        ),
        outside_the_ten="看起來是衣物，但不在我認得的十類裡，例如裙子、短褲、帽子、圍巾。",
        data_set="這是 Fashion-MNIST 資料集的圖片，只由看 28×28 像素的模型回答。",
        low_quality="框線可能沒有圈好，換個單純的背景會準一些。",
        model_changed="在那之後模型換過了，所以答案可能和上面不同。",
        shares="十類和十類以外的機率：",
        shares_of="▶ 第 {number} 件，十類和十類以外的機率：",
        picture="圖中：框線圈出的就是判斷的那件衣物，旁邊是模型看到的 28×28 像素，和十一條機率的長條。",
        picture_several="圖中：每件衣物用一種顏色圈出並編號，旁邊是第 {number} 件的 28×28 像素和十一條長條。",
        confirmed="✅ 你說這個答案對了，謝謝！",
        corrected="✏️ 你的更正：<b>{name}</b>",
    ),
    album=Album(
        title="<b>我在這 {photos}裡看到的</b>：",
        line="{number}. {line}",
        line_more="{number}. {line}，另有 {more} 件",
        line_nothing="{number}. 沒有看到衣物",
        line_unreadable="{number}. 讀不了這張圖片",
        left_out="另外 {photos}沒看，因為十分鐘內最多看 {limit}，請晚點再傳。",
        videos_left_out="另外 {videos}沒看，我只會看照片。",
        hint="按數字看那一張的機率，也可以在那裡更正或問為什麼。",
        picture="圖中：相簿的照片依序編號，框線圈出每件衣物。",
        item="<b>第 {number} 張</b>",
        item_others="另外還有：{names}",
        opening="正在打開這一張…",
    ),
    test_images=TestImages(
        right="✓ 答對了",
        wrong="✗ 答錯了",
        facts="<b>{result}</b>\n預測：<b>{predicted}</b>（{percent}）\n實際：<b>{actual}</b>",
        picture="圖中：10,000 張測試圖片裡的第 {number} 張，28×28 像素放大，下面是十類的長條圖，✓ 標出實際的類別。",
        gallery=(
            "<b>25 張測試圖片</b>，從 {total} 張裡隨機挑出，模型沒有用它們訓練過。\n按數字，看模型把那一張當成什麼。"
        ),
        gallery_wrong="<b>模型答錯的測試圖片</b>，{chosen}。\n按數字，看模型把那一張當成什麼。",
        gallery_class="<b>{name}的測試圖片</b>，{chosen}。\n按數字，看模型把那一張當成什麼。",
        gallery_class_wrong="<b>模型答錯的{name}</b>，{chosen}。\n按數字，看模型把那一張當成什麼。",
        gallery_pair="<b>{actual}看成{predicted}</b>，{chosen}。\n按數字，看模型有多確定。",
        gallery_some="從 {total} 張裡隨機挑出 {images} 張",
        gallery_every_one="一共 {total} 張，都在這裡",
        gallery_item_picture=(
            "圖中：左邊是這一批圖片，粗框的第 {position} 張在右邊放大，是 10,000 張測試圖片裡的第 {number} 張。"
        ),
        gallery_picture="圖中：28×28 像素的衣物圖片排成方格，左上角是編號；綠框 ✓ 是答對的，紅框 ✗ 是答錯的。",
        gallery_none="手邊的測試圖片裡沒有這樣的，所以沒有可以挑的。",
        only_some="測試圖片本來有 10,000 張，還沒下載到這裡，先用程式附的 {images}；編號照原本的。",
        no_such_image="沒有「{asked}」這張測試圖片，號碼從 1 到 {total}，例如 /sample 42。",
        no_such_class="沒有「{asked}」這一類。我認得的是：{classes}。",
        gallery_preparing="正在找出模型答錯的圖片（{percent}），找到就放在這裡。",
        which_class="要看哪一類？",
    ),
    accuracy=Accuracy(
        title="<b>這個模型有多準？</b>",
        test="測試圖片：<b>{percent}</b>（{images}，模型沒看過）",
        train="訓練圖片：{percent}",
        gap="差距：{points} 個百分點。差距越大，越像是背答案而不是學會了。",
        photos="真實照片：<b>{percent}</b>（{people}、{photos}，都是模型沒看過的人；95% 信賴區間 {low}–{high}）",
        photos_missing="真實照片：這個模型沒有量過。",
        street="街頭穿搭：<b>{percent}</b>（{photos}，說對身上最大的那件；95% 信賴區間 {low}–{high}）",
        bags="包包照片：<b>{percent}</b>（{photos}；95% 信賴區間 {low}–{high}）",
        photos_in_colour="看照片時，還有另一個模型看彩色的衣物，答案由兩個模型一起決定；測試和訓練圖片只用這個模型。",
        calibration="信心與實際答對率平均差 {points} 個百分點。",
        recall="每一類找對多少（測試圖片／真實照片）：",
        recall_test="每一類找對多少：",
        model="模型 {version}",
        model_separator="，",
        history="上線過的模型（測試圖片／真實照片）：",
        history_line="{date}　{test} / {photos}",
        history_test_only="{date}　{test}",
        other_file="注意：正在用的是 {version}，和這份成績單對不上，以下數字屬於另一個檔案。可以按「現在重新測量」。",
        picture="圖中：10×10 的混淆矩陣，列是實際，欄是預測，綠色對角線是答對的張數，紅色是答錯的。",
        measuring="正在用目前的模型重新看全部 {total}…\n{percent}　{done} / {total_number}",
        measured="<b>剛剛量到：{percent}</b>（{total}，答對 {right}，用了 {time}）",
        measured_same="和成績單上的一樣。",
        measured_changed="成績單上寫的是 {percent}。",
        already_measuring="已經有人在量了，結果會一起給你。",
        not_measured="–：沒有這一類的照片可以量。",
        measuring_done="量完了：全部 {total}都看過一遍，結果在下面。",
        pairs_title="<b>最常搞混的</b>",
        pair="{actual}看成{predicted}：{count}",
        pairs_picture="圖中：每一列是一種搞混的情形，附上幾張例子。",
        no_pairs="全部答對，沒有搞混的。",
    ),
    why=Why(
        title="<b>為什麼是{name}？</b>",
        title_two="<b>{first}還是{second}？</b>",
        parts="最支持這個答案的是衣物的{parts}：把那裡遮成灰色，{name}的機率就從 {before} 降到 {after}。",
        speaks_for="支持<b>{name}</b>的是衣物的{parts}：把那裡遮成灰色，機率就從 {before} 降到 {after}。",
        spread_two="<b>{name}</b>（{before}）：沒有哪個部位特別關鍵，看的是整體。",
        spread="沒有哪個部位特別關鍵：遮住任何一處，答案都差不多，看的是整體。",
        second_more="少了{parts}，它會更像{second}：把那裡遮成灰色，{second}就從 {before} 升到 {after}。",
        second_none="第二可能的{second}只有 {percent}，遮住任何一處也不會變成它。",
        picture="圖中：顏色越深的地方，對這個答案越重要。",
        picture_two="圖中：左邊是{first}，右邊是{second}；顏色越深的地方，越支持那一類。",
        method="做法：一次又一次隨機把衣物的五分之一遮成灰色，再問一遍，看遮住哪裡機率掉最多。",
        colours="28×28 像素和彩色照片遮的是同一塊。",
        places=("左上角", "上半部", "右上角", "左半邊", "中間", "右半邊", "左下角", "下半部", "右下角"),
        neckline="領口一帶",
    ),
    corrections=Corrections(
        pick="那它其實是什麼？",
        which="要看的是哪一件？",
        consent=(
            "謝謝！你的更正：<b>{name}</b>。\n\n"
            "<b>可以保留這張照片，用來訓練下一版模型嗎？</b>\n"
            "・保留的是縮小到 640 像素以內、去掉拍攝資訊的照片，圈出那件衣物的框線，你的更正，和模型當時的答案。\n"
            "・照片裡有人的話，存檔前會先把找得到的頭部遮住。\n"
            "・通過管理員審核後才會用來訓練，不會公開。\n"
            "・最多保留 {kept}。隨時可以用 /forget 全部刪除。\n\n"
            "同意以後，你按「對了」或更正的照片也會這樣保留；不同意也沒關係，一切照常。"
            "我只問這一次，想改變主意請看 /privacy。"
        ),
        kept=(
            "謝謝！照片和「{name}」已經存好，通過審核後會用來訓練。"
            "想取消這一筆，請按答案下面的「取消這筆更正」；要全部刪除，請用 /forget。"
        ),
        counted="謝謝！只記了一次更正，沒有保留照片。",
        refused="謝謝！只記了一次更正，沒有保留照片。以後的更正也是這樣，不再問你；想改變主意，請看 /privacy。",
        undone="已經取消這筆更正，存下的照片也刪掉了。",
        nothing_to_undo="這筆更正已經不在了，沒有可以取消的。",
        full="謝謝！不過能保留的照片數已經滿了，這次只記了次數。",
        not_stored="謝謝！可是這張照片現在讀不到，這次只記了次數。",
        forget="<b>要刪除你的所有資料嗎？</b>\n\n我這裡有你的 {records}，其中有 {photos}。",
        forget_without_photos="<b>要刪除你的所有資料嗎？</b>\n\n我這裡有你的 {records}，裡面沒有照片。",
        forget_what=(
            "會刪除的有：你同意保留的照片、你的同意或不同意、語言、課程進度、你訓練的神經網路、最近一次的答案，"
            "還有群組裡的成績和作答。刪除後無法復原。"
        ),
        not_forgotten="好，什麼都沒有刪除。",
        forgotten="都刪除了：{records}，其中有 {photos}。同意也一併收回。",
        in_private="這些指令請在和我的私訊裡輸入。",
        forgotten_without_photos="都刪除了：{records}，裡面沒有照片。",
        nothing_to_forget="這裡沒有你的資料，沒有需要刪除的。",
    ),
    language=LanguageChoice(
        choose="要用哪一種語言？",
        chosen="好，之後用繁體中文。",
    ),
    learn=Learn(
        step="第 {number} 步，共 {total} 步",
        finished="你走完了！接下來用 /train 訓練自己的神經網路吧。",
        contents="<b>課程目錄</b>：按號碼就能打開那一步。",
        contents_line="{number}. {title}",
        no_such_step="課程裡沒有「{asked}」這一步，號碼從 1 到 {total}。",
        no_number="請只回覆一個數字，例如 -7.5，神經元就會用它算出 Y。",
        try_it="請用一張衣物的照片回覆這則訊息，這一步就會改用你的照片。",
    ),
    sharing=Sharing(
        last_answer="我上一張照片的答案",
        facts="預測：{predicted}，實際：{actual}",
        try_it="傳自己的照片試試",
        see_it="打開這張測試圖片",
        send_photo="傳一張照片給我",
    ),
    admin=Admin(
        status=(
            "<b>執行狀態</b>\n"
            "已執行：{uptime}\n"
            "程式：{version}，{runtime}\n"
            "模型：{model}\n"
            "排隊中：{queue}\n"
            "已回答：{answered}\n"
            "{latency}\n"
            "錯誤：{errors}\n"
            "資料庫：{store}"
        ),
        status_store="{kind}，{corrections}",
        status_store_away="{kind}，連不上",
        status_latency="回覆時間：中位數 {p50}、p95 {p95}、p99 {p99}",
        status_no_latency="回覆時間：還沒有資料",
        status_never="無",
        reload_new="已換上新模型 {version}。",
        reload_same="沒有新模型，繼續用 {version}。",
        reload_refused="新模型不能用，繼續用 {version}。原因：<code>{reason}</code>",
        corrections_title="<b>待審核</b>：還有 {corrections}",
        correction="使用者說：<b>{name}</b>\n模型當時說：{predicted}（{percent}），版本 {version}\n日期：{date}",
        corrections_none="沒有待審核的更正。",
        accepted="已採用，下次訓練會用到。",
        many_accepted="已採用 {corrections}：使用者都說模型看對了。",
        many_rejected="已退回這個人的 {corrections}。",
        rejected="已退回，不會用來訓練；期滿後自動刪除。",
        already_decided="這一筆已經審核過，或已被使用者刪除。",
        model_refused="模型檔不能用，繼續用 {version}。原因：<code>{reason}</code>",
        model_now="新模型上線了：{version}。",
        training_published="訓練完成，新模型 {version} 上線了。",
        training_not_published="訓練完成，但新模型 {version} 沒有上線，繼續用原來的。",
        training_reasons="原因：",
        training_worse="{name}：比 {version} 差 {points} 個百分點，最多只能差 {allowance}",
        training_unmeasured="{name}：這次沒有量，{version} 有",
        training_changed="原來的 → 新的：",
        training_figure="{before} → {after}  {name}",
        training_test_accuracy="測試圖片答對",
        training_held_out_accuracy="沒拿來訓練的圖片答對",
        training_balanced_accuracy="真實照片答對（各類平均）",
        training_photo_ece="信心與實際答對率的差距（越小越好）",
        training_street_top="街頭穿搭照片，第一個答案答對",
        training_bags_named="包包認得出是包包",
        training_no_clothing_refused="沒有衣物的照片，看得出沒有",
        training_recall="真實照片，每一類找對多少：",
        training_learnt="學了 {corrections}",
        training_took="花了 {time}",
        error_notice=(
            "出現錯誤：<code>{kind}</code>，最近一次的代碼 <code>{error_id}</code>。同一種錯誤十分鐘內只通知一次。"
        ),
        files_unreadable=(
            "照片的檔案讀不到：Bot API 伺服器以本機模式（<code>--local</code>）執行，把檔案放在 "
            "<code>{folder}</code>，這個機器人在那個路徑讀不到。請把那個資料夾掛載到同一個路徑、開放讀取權限，"
            "或讓伺服器不用 <code>--local</code>。（代碼 <code>{error_id}</code>）"
        ),
    ),
    troubles=Troubles(
        second_poller="有另一個程式用同一個 token 收訊息，請停掉其中一個。",
        webhook_in_the_way=(
            "有另一個程式用同一個 token 設了 webhook。這個機器人用輪詢收訊息，所以把它刪掉了；"
            "請停掉另一個程式，或幫這個機器人設定 WEBHOOK_URL。"
        ),
        webhook_taken=(
            "有另一個程式用同一個 token 改掉了 webhook，現在已經設回來。請停掉另一個程式，或找 @BotFather 換 token。"
        ),
        webhook_refused="Telegram 不接受 WEBHOOK_URL，原因寫在記錄檔裡。設好之前，誰都收不到回覆。",
        unreadable_update=(
            "Telegram 送來一則 python-telegram-bot 讀不懂的更新，已經略過；請看看這個套件有沒有新版本。"
        ),
        background_task="有一項背景工作中斷了，已經重新啟動；原因寫在記錄檔裡。",
    ),
    buttons=Buttons(
        right="✅ 對了",
        candidate="✅ {name}",
        correct="✏️ 更正",
        why="🔍 為什麼",
        garment="{number} {name}",
        other_garment="看第 {number} 件",
        none_of_them="都不是",
        back="← 返回",
        consent_yes="同意保留",
        consent_no="不要保留",
        forget_yes="全部刪除",
        forget_no="先不要刪除",
        ask_again="下次更正時再問我",
        undo="取消這筆更正",
        another_sample="再看一張",
        new_gallery="換一批",
        only_wrong="只看答錯的",
        all_images="看全部",
        by_class="選類別",
        all_classes="十類都看",
        confused="{actual}看成{predicted}",
        back_to_gallery="← 回到 25 張",
        overview="← 回到總覽",
        share="📤 轉傳",
        measure_again="現在重新測量",
        learn_back="← 上一步",
        learn_next="下一步 →",
        learn_try="用我的照片試試",
        learn_other="換一張照片",
        learn_code="看程式",
        learn_contents="目錄",
        learn_to_step="← 回到第 {number} 步",
        learn_notebook="下載整份程式（.ipynb）",
        learn_tflite="下載課程的神經網路（.tflite）",
        learn_again="從頭開始",
        gallery="看 25 張測試圖片",
        learn="看我怎麼學會的",
        accept="✅ 採用",
        reject="退回",
        accept_agreed="採用所有「對了」",
        reject_sender="退回這個人的全部",
        next="下一筆 →",
        previous="← 上一筆",
    ),
    toasts=Toasts(
        thanks="謝謝你告訴我！",
        kept="謝謝！這張照片存好了。想取消，請按「取消這筆更正」。",
        will_ask="好，下次更正時會再問你。",
        undone="已經取消。",
        model_changed="在那之後模型換過了，這次用新的模型回答。",
        not_yours="只有傳這張照片的人可以按這個按鈕。",
        nobodys="這張照片是以群組或頻道的名義傳的，不知道是誰，所以沒有人能代為更正。",
        not_at_hand="這張測試圖片現在不在手邊，這裡只有程式附的那些。",
        outdated="這個按鈕太舊了，請再傳一次照片或重新輸入指令。",
        working="處理中，請稍等。",
        busy="上一個動作還沒完成，請稍等。",
        language="已切換成繁體中文。",
        flooded="Telegram 暫時不讓我在這裡傳訊息，大約要等 {wait}，請到時候再按一次。",
        failed="出了點問題，請再試一次。（代碼 {error_id}）",
    ),
    pictures=Pictures(
        sure="很有把握",
        likely="應該是",
        unsure="不確定",
        no_garment="沒有看到衣物",
        outside_the_ten="十類以外",
        outside="十類以外",
        alternative="或{name}",
        looked_for="找過：上衣、外套、連衣裙、褲子、鞋子、包包",
        model_saw="模型看到的 28×28",
        data_set="資料集的圖片：只由 28×28 的模型回答",
        low_quality="框線可能沒有圈好",
        more="+{count} 件",
        test_image="測試圖片 {number}",
        predicted="預測",
        actual="實際",
        right="模型答對",
        wrong="模型答錯",
        gallery="測試圖片",
        gallery_wrong="答錯的測試圖片",
        gallery_class="測試圖片：{name}",
        gallery_class_wrong="答錯的測試圖片：{name}",
        contact_sheet="相簿",
        unreadable="讀不了",
        confusion="混淆矩陣",
        confusion_rows="列：實際",
        confusion_columns="欄：預測",
        confusion_right="對角線：答對",
        confusion_wrong="其他：答錯",
        confusion_depth="顏色越深，張數越多",
        pairs="最常搞混的",
        pair="{actual}看成{predicted}",
        why="哪些地方支持：{name}",
        why_more="越深越重要",
        why_less="不影響",
    ),
    predict=Predict(
        not_an_image="不是我能讀的圖片格式。",
        damaged="圖片壞了，或不完整。",
        too_many_bytes="檔案超過 20 MB。",
        too_many_pixels="圖片的像素太多。",
        too_slow="圖片花太久還沒讀完。",
        too_much_memory="讀這張圖片需要的記憶體太多。",
        os_error="讀不了這個檔案：{reason}。",
        no_path="這不是路徑。",
        folder="讀不了這個資料夾。",
        no_file="這不是一般的檔案。",
        strange="這張圖片看不了，原因寫在記錄檔裡。",
        accuracy="準確率 {percent}（{total} 張裡對了 {right} 張）",
        table="實際＼預測",
        none="以外",
    ),
)
