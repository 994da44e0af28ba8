"""What /quiz says, by language."""

from typing import Final

from bot.replies.texts import Language, in_language
from bot.replies.texts.quiz_catalogue import QuizButtons, QuizPictures, QuizTexts

ZH_HANT: Final = QuizTexts(
    question=(
        "<b>猜猜看：第 {number} 題，共 {total} 題</b>\n"
        "這是一張測試圖片，只有 28×28 像素，模型沒有用它訓練過。它是哪一類？你先猜，再看模型怎麼說。\n\n"
        "{score}"
    ),
    answer=(
        "<b>第 {number} 題，共 {total} 題</b>\n"
        "你猜：<b>{guess}</b>，{guess_result}\n"
        "模型說：<b>{said}</b>（信心 {share}），{said_result}\n"
        "實際：<b>{actual}</b>"
    ),
    right="✓\N{NO-BREAK SPACE}答對",
    wrong="✗\N{NO-BREAK SPACE}答錯",
    score="目前比數：你 {person}，模型 {model}。",
    picture="圖中：28×28 像素放大，旁邊是預測和實際的類別，下面是模型的十類長條圖。",
    won="{total} 題都猜完了：你 {person}，模型 {model}。<b>你贏了！</b>",
    drawn="{total} 題都猜完了：你 {person}，模型 {model}。<b>平手！</b>",
    lost="{total} 題都猜完了：你 {person}，模型 {model}。<b>這次模型贏了。</b>",
    poll_question="這張測試圖片是什麼？{score}",
    poll_score="到目前為止，大家答對 {right} / {answers}，模型 {model_right} / {questions}。",
    poll_explanation="正確答案是<b>{actual}</b>。模型說：{said}（信心 {share}），{said_result}。",
    just_asked="剛剛才出了一題，先猜猜看吧。",
    pictures=QuizPictures(
        question="這是什麼？",
        number="第 {number} 題，共 {total} 題",
        score="你 {person}：模型 {model}",
    ),
    buttons=QuizButtons(following="下一題 →", again="再玩 {total} 題", course="看模型怎麼學會的", next_poll="再出一題"),
)

EN: Final = QuizTexts(
    question=(
        "<b>Guess: question {number} of {total}</b>\n"
        "A test image of just 28×28 pixels, which the model did not learn from. What is it? You guess first, then you "
        "see what the model says.\n\n"
        "{score}"
    ),
    answer=(
        "<b>Question {number} of {total}</b>\n"
        "Your guess: <b>{guess}</b>, {guess_result}\n"
        "The model: <b>{said}</b> (confidence {share}), {said_result}\n"
        "Actual: <b>{actual}</b>"
    ),
    right="✓\N{NO-BREAK SPACE}right",
    wrong="✗\N{NO-BREAK SPACE}wrong",
    score="Score so far: you {person}, the model {model}.",
    picture="In the picture: the 28×28 pixels enlarged, the model’s answer and the truth, and the model’s ten bars.",
    won="All {total} are done: you {person}, the model {model}. <b>You win!</b>",
    drawn="All {total} are done: you {person}, the model {model}. <b>A draw!</b>",
    lost="All {total} are done: you {person}, the model {model}. <b>The model wins this time.</b>",
    poll_question="What is this test image?{score}",
    poll_score=" So far: you all {right} / {answers} right, the model {model_right} / {questions}.",
    poll_explanation="Right answer: <b>{actual}</b>. The model said {said} (confidence {share}), {said_result}.",
    just_asked="There is a question already. Have a guess first.",
    pictures=QuizPictures(
        question="What is this?",
        number="Question {number} of {total}",
        score="You {person} : {model} model",
    ),
    buttons=QuizButtons(
        following="Next one →", again="{total} more", course="How the model learnt this", next_poll="Another one"
    ),
)


def quiz_texts(language: Language) -> QuizTexts:
    """Return everything that /quiz says in a language."""
    return in_language(language, zh_hant=ZH_HANT, en=EN)
