"""What /train says, in Traditional Chinese; an epoch is 趟, as in the course."""

from typing import Final

from bot.replies.texts.catalogue import Counted
from bot.replies.texts.train_catalogue import (
    ClassTable,
    Ends,
    Own,
    Panel,
    Progress,
    Result,
    TrainButtons,
    TrainPictures,
    TrainTexts,
    TrainToasts,
)

TEXTS: Final = TrainTexts(
    title="訓練自己的神經網路",
    neurons=Counted.alike("{count} 個神經元"),
    epochs=Counted.alike("{count} 趟"),
    waiting_people=Counted.alike("{count} 個人"),
    yes_normalised="有，像素除以 255",
    no_normalised="沒有，像素是 0–255",
    yes_stop="訓練準確率超過 {target} 就停",
    no_stop="不停，跑完為止",
    list_separator="、",
    panel=Panel(
        text=(
            "照課程的程式從頭訓練一次：{inputs} 個像素 → <b>{neurons}</b>（ReLU）→ {classes} 類（softmax）。"
            "看 {images} 張訓練圖片 <b>{epochs}</b>（一趟就是一個週期，epoch），每 {batch} 張調整一次權重。\n\n"
            "・學習率（Adam）：{rate}\n"
            "・標準化：{normalising}\n"
            "・callback：{stopping}\n\n"
            "{queue}訓練好的網路是你的，可以和我比一比。"
        ),
        course_run="圖中：虛線是課程的網路（{neurons}，{epochs}）真的跑過的紀錄，等你的曲線來比。",
        alone="大約要 {time}。",
        queue="前面有 {people}在排隊，大約 {time}後完成。",
    ),
    progress=Progress(
        waiting="<b>排隊中</b>：一次只訓練一個網路，前面還有 {people}，大約 {time}後完成。",
        loading="<b>準備中</b>：正在讀 {images} 張訓練圖片。",
        fetching="<b>第一次使用，先下載訓練圖片</b>\n{name}：{percent}（{done} / {total}）\n{bar}",
        training="<b>訓練中</b>：第 {number} 趟，共 {epochs}\n{bar}\n{percent}，大約還要 {time}。",
        latest="剛跑完的第 {number} 趟：訓練 {train}、測試 {test}；損失 {loss}、{test_loss}。",
    ),
    result=Result(
        done="<b>訓練好了</b>：{neurons}、{epochs}",
        figures=(
            "訓練 <b>{train}</b>（損失 {loss}），測試 <b>{test}</b>（損失 {test_loss}），相差 {points} 個百分點。"
        ),
        course=(
            "課程寫的是（訓練／測試）：{short_epochs} {short_train}／{short_test}，"
            "{long_epochs} {long_train}／{long_test}。{compared}"
        ),
        course_same="你的測試成績和課程的 {epochs}差不多。",
        course_better="你的測試成績比課程的 {epochs}高 {points} 個百分點。",
        course_worse="你的測試成績比課程的 {epochs}低 {points} 個百分點。",
        learnt_nothing="它<b>幾乎沒學到東西</b>：訓練圖片只對 {train}，閉著眼睛猜也有 {chance}。",
        underfitting=(
            "這是<b>欠擬合（underfitting）</b>：連學過的圖片都只對 {train}，它還沒學夠。"
            "可以試試多一點神經元、多跑幾趟，或換個學習率。"
        ),
        not_normalised="像素沒有標準化，數字大了 255 倍，訓練就不穩。",
        overfitting=(
            "這是<b>過度擬合（overfitting）</b>：學過的圖片對 {train}，沒看過的只對 {test}，差了 {points} 個百分點。"
        ),
        turn="測試損失在第 {turn} 趟最低（{lowest}），之後升到 {test_loss}，後面幾趟多半在背答案。",
        good=(
            "學得剛好：沒看過的圖片只比學過的低 {points} 個百分點，還看不出過度擬合。"
            "再多跑幾趟，訓練成績會繼續升，測試就不一定了。"
        ),
        good_on_both=(
            "沒看過的圖片答得和學過的一樣好，還看不出過度擬合。"
            "（訓練成績是那一趟從頭到尾的平均，當時網路還在進步，所以會偏低。）"
        ),
        stopped="到達 {target} 準確度，停止訓練！目前訓練至第 {number} 趟（從 1 數起）。",
        never_stopped="{epochs}都沒有超過 {target}，所以 callback 沒有喊停。",
        kept="這個網路我替你留 {kept}，再訓練就換成新的。用按鈕考考它，或用一張照片回覆這則訊息。",
        notice="<b>訓練好了</b>：{neurons}、{epochs}，測試準確率 <b>{test}</b>。結果在上面的訊息裡。",
        not_kept="資料庫現在連不上，這個網路沒能存下來。請過一會兒再訓練一次。",
    ),
    ends=Ends(
        cancelled="<b>已取消</b>這次訓練。",
        stopped="<b>訓練中斷了</b>：機器人要重新啟動，這次的網路沒有存下來。等一下再按一次就好。",
        no_data=(
            "<b>還不能訓練</b>：訓練圖片不在這裡，現在也下載不到。缺的檔案：<code>{missing}</code>。"
            "請等連線恢復再試，或請管理員放好檔案。其他功能不受影響。"
        ),
        memory="<b>訓練中斷了</b>：記憶體不夠。請等一下再試，或少用一點神經元。",
        failed="<b>訓練中斷了</b>，原因寫在記錄檔裡。請再試一次。",
        earlier="之前訓練好的網路不受影響。",
    ),
    own=Own(
        ask_title="考考你的網路",
        ask_photo="請用一張照片回覆這則訊息，我讓你的網路看一次，自己也看一次。",
        sample=(
            "<b>測試圖片 {number}</b>，實際：<b>{actual}</b>\n"
            "你的網路：<b>{own}</b>（{own_share}），{own_result}\n"
            "機器人：<b>{bot}</b>（{bot_share}），{bot_result}"
        ),
        right="✓\N{NO-BREAK SPACE}答對",
        wrong="✗\N{NO-BREAK SPACE}答錯",
        columns="十類的機率（你的網路／機器人）：",
        gallery="<b>給你的網路看 {images}</b>，從測試圖片裡隨機挑出。\n按數字，看它和我各說什麼。",
        gallery_wrong=(
            "<b>你的網路答錯的測試圖片</b>，一共 {total} 張，這裡隨機挑出 {images}。\n按數字，看它和我各說什麼。"
        ),
        gallery_picture="圖中：28×28 像素的測試圖片排成方格，左上角是編號。",
        none_wrong="你的網路在測試圖片裡沒有答錯的。",
        photo_title="同一張照片",
        photo="<b>{title}</b>\n你的網路：<b>{own}</b>（{own_share}）\n機器人：{bot}",
        photo_answer="<b>{name}</b>（{share}）",
        photo_unsure="不確定，{first}（{first_share}）或{second}（{second_share}）",
        photo_no_answer="我沒有對這張照片下結論",
        photo_why=(
            "<b>為什麼它幾乎每張照片都說{bag}？</b>它只看過訓練圖片：衣服亮、背景全黑、剛好塞滿。"
            "照片照課程的做法連背景一起縮成 28×28，整張都不是黑的；而塞滿畫面的東西，它只學過{bag}。"
        ),
        photo_measured="課程的網路看 {photos}，{share} 都說是{favourite}，平均還有 {confidence} 的信心。",
        photo_bot="我先找出衣物、把背景塗黑、亮暗反過來，才縮成 28×28，訓練時也看過真的照片。",
        picture="圖中：左邊是照片，右邊是兩個網路各自看到的 28×28 像素，下面是十類的長條圖。",
    ),
    class_table=ClassTable(
        text=(
            "<b>我們的神經網路</b>\n"
            "每個人在和我的私訊裡用 /train 訓練，測試準確率最好的一次寫在這裡。\n"
            "課程寫的是（測試）：{short_epochs} {short_test}，{long_epochs} {long_test}。\n\n"
            "{rows}\n\n{consent}"
        ),
        row="{place}. {name}　<b>{test}</b>（訓練 {train}）{neurons}、{epochs}{raw}",
        row_raw="、沒有標準化",
        waiting="已加入，還沒有成績：{names}",
        empty="還沒有人加入。",
        more="還有 {people}。",
        consent="按了「加入」，你的名字就會寫進表裡，{kept}後從我這裡刪除；/forget 隨時可以拿掉。",
    ),
    pictures=TrainPictures(
        title="你的網路：{neurons}、{epochs}",
        accuracy="準確率",
        loss="損失",
        train="訓練",
        test="測試",
        course="虛線：課程的網路",
        epoch="趟",
        not_yet="第一趟跑完，曲線就從這裡開始",
        own="你的網路",
        bot="機器人",
        actual="實際",
        right="答對",
        wrong="答錯",
        own_sees="你的網路看到的：整張縮小",
        bot_sees="機器人看到的：只留衣物",
        photo="照片",
        no_answer="沒有下結論",
        gallery="給你的網路看的測試圖片",
        gallery_wrong="你的網路答錯的測試圖片",
    ),
    buttons=TrainButtons(
        chosen="✓ {label}",
        neurons="{count} 個",
        epochs="{count} 趟",
        rate="學習率 {rate}",
        normalise="標準化：有",
        not_normalise="標準化：沒有",
        stop="到 {target} 就停：要",
        not_stop="到 {target} 就停：不要",
        start="開始訓練",
        cancel="取消訓練",
        again="換設定再訓練",
        sample="考一張測試圖片",
        gallery="考 25 張",
        only_wrong="只看它答錯的",
        all_images="看全部",
        back="← 回到 25 張",
        photo="用照片考它",
        another_photo="換一張照片",
        another="再考一張",
        another_sheet="換一批",
        ask_own="問我的網路",
        join="加入，到私訊訓練",
    ),
    toasts=TrainToasts(
        already="你已經有一個網路在訓練或排隊，先等它好，或取消它。",
        full="現在排隊的人太多了，請過一會兒再按。",
        not_yours="只有開始這次訓練的人可以取消。",
        gone="這次訓練已經不在了，機器人可能重新啟動過。設定還在，可以再按一次。",
        none="你還沒有自己的神經網路，或已經過期了。請在和我的私訊裡輸入 /train。",
        no_table="這張表已經不用了，請重新輸入 /train。",
    ),
)
